/** What a definition is compared by: how its histories are drawn, and how a verdict is held against it. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { CheckResult } from '../../src/checkers/checker.ts';
import type { Dice } from './dice.ts';
import type { ValueInEdn } from './edn-histories.ts';

export type Options = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Sample {
  readonly ops: readonly HistoryOp[];
  readonly options: Options;
  /** Set where the checker gets the history in EDN: decides how its values are written. */
  readonly ednSeed?: number;
  /** Whether the checker gets the completions alone, without processes, where they say it all. */
  readonly completionsOnly?: boolean;
}

export interface Judgement {
  /** What the definition says of the history. */
  readonly isRight: boolean;
  /** In what the checker's result contradicts it, in words. */
  readonly disagreement: string | undefined;
}

export interface Differential {
  draw(dice: Dice): Sample;
  /** How the values of its operations are written in EDN; absent where they are numbers to be added up, or do not matter. */
  inEdn?(sample: Sample): ValueInEdn;
  judge(sample: Sample, result: CheckResult): Judgement;
  /** At least this share of the histories must be right, and this share wrong; both below what is drawn, not by much. */
  readonly leastRight: number;
  readonly leastWrong: number;
}
