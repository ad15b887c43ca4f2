/** The interface of a comparison with a definition: generating histories, and comparing verdicts. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { CheckResult } from '../../src/checkers/checker.ts';
import type { Dice } from './dice.ts';
import type { ValueInEdn } from './edn-histories.ts';

export type Options = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface Sample {
  readonly ops: readonly HistoryOp[];
  readonly options: Options;
  /** Set if the checker gets the history in EDN: determines how its values are written. */
  readonly ednSeed?: number;
  /** Whether the checker gets only the completions, without processes, if they contain everything. */
  readonly completionsOnly?: boolean;
  /** Whether the result as EDN is looked at too. */
  readonly inResults?: boolean;
}

export interface Judgement {
  /** The definition's verdict on the history. */
  readonly isRight: boolean;
  /** How the checker's result contradicts it, in words. */
  readonly disagreement: string | undefined;
}

export interface Differential {
  draw(dice: Dice): Sample;
  /** Writes the values of its operations in EDN. Absent or undefined if they are numbers to be added up, or irrelevant, or also stand elsewhere. */
  inEdn?(sample: Sample): ValueInEdn | undefined;
  judge(sample: Sample, result: CheckResult): Judgement;
  /** Minimum shares of valid and of invalid histories; both slightly below what is generated. */
  readonly leastRight: number;
  readonly leastWrong: number;
}
