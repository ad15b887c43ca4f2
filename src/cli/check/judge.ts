/** What judges a history for `maelstrom check`: a model, the checkers of a run's test, or the user's file. */
import { whyNoVerdict } from '../../checkers/check.ts';
import type { Checker, CheckResult } from '../../checkers/checker.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import { byCount } from '../../protocol/count-text.ts';
import type { Checks } from '../show/checks-table.ts';

export interface JudgedHistory {
  readonly operations: number;
  readonly numberOf: NumberOf;
}

export interface JudgedModel {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Judge<Result extends CheckResult = CheckResult> {
  readonly name: string;
  readonly checker: Checker<Result>;
  readonly completionsOnly: boolean;
  /** How the history is to be read. */
  readonly reading: HistoryStreamOptions;
  /** True if the history is that of a run, about which more is known, such as nodes that did not start. */
  readonly isOfRun: boolean;
  readonly warnings: readonly string[];
  /** The model behind the judge and its options; undefined if `check` has no such model. */
  readonly model: JudgedModel | undefined;
  /**
   * Returns the evidence that the history is invalid. Operations are indexed by their numbers. A run's folder has its own.
   */
  evidence?(result: Result): Evidence | undefined;
  sentence(result: Result, judged: JudgedHistory): string;
  /** Returns a line for each check, and other lines with figures. */
  checks(result: Result, judged: JudgedHistory): Checks;
}

/** What is said of a result where its parts have no words. */
export interface VerdictWords {
  readonly name: string;
  readonly explain: () => string | undefined;
  /** What a valid result leaves open. */
  readonly remark?: () => string | undefined;
}

export function sentenceOf(
  { name, explain, remark }: VerdictWords,
  result: CheckResult,
  { operations }: JudgedHistory,
): string {
  const verdict = result['valid?'];
  if (verdict === true) {
    const rest = remark?.();
    const these = byCount(
      operations,
      'this operation',
      `these ${operations.toLocaleString('en')} operations`,
    );
    return `Nothing is wrong with ${these}.${rest === undefined ? '' : `\n${rest}`}`;
  }
  const explained = whyNoVerdict(result) ?? explain();
  if (explained !== undefined) return explained;
  return verdict === 'unknown'
    ? `The history proves nothing about ${name}, for or against.`
    : `The history violates ${name}; the results say why.`;
}

/** The line of a history's only check. */
export const onlyCheck = (
  name: string,
  result: CheckResult,
  { operations }: JudgedHistory,
  figure = `${operations.toLocaleString('en')} ${byCount(operations, 'operation', 'operations')}`,
): Checks => ({ lines: [{ name, verdict: result['valid?'], figure }] });
