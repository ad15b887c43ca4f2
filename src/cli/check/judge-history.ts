/**
 * Judges a history. Operations go from the file directly to the checker, which keeps them as columns, so that millions of them
 * fit into memory.
 */
import { emptyResult, unfinishedResult } from '../../checkers/check.ts';
import type { Budget, Checker, CheckResult } from '../../checkers/checker.ts';
import { HistoryError } from '../../history/history-error.ts';
import { HistoryStream, type HistoryEnd } from '../../history/reading/history-stream.ts';
import { IndexOrder } from '../../history/index-order.ts';
import type { Op } from '../../history/op.ts';
import { OperationNumbers, type NumberOf } from '../../history/operation-names.ts';
import { PairingGuard } from '../../history/pairing-guard.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { HistorySource } from './history-source.ts';
import type { Judge } from './judge.ts';

export interface Judged {
  readonly result: CheckResult;
  readonly end: HistoryEnd;
  /** Number of client operations, about half the number of entries. */
  readonly operations: number;
  readonly numberOf: NumberOf;
  readonly order: IndexOrder;
}

/** Throws a UserError with the line for a malformed history. */
export async function judgeHistory(
  source: HistorySource,
  judge: Judge,
  budget: Budget | undefined,
): Promise<Judged> {
  const { checker } = judge;
  const guard = new PairingGuard(judge);
  const numbers = new OperationNumbers();
  const order = new IndexOrder();
  let entries = 0;
  const stream = new HistoryStream((op, line) => {
    guard.observe(op, line);
    numbers.observe(op);
    order.observe(op, line);
    observeAt(checker, op, line);
    entries++;
    if (checker.malformed !== undefined) throw malformedAt(checker, line);
  }, judge.reading);
  const judged = (result: CheckResult, end: HistoryEnd): Judged => ({
    result,
    end,
    operations: numbers.count,
    numberOf: numbers.numberOf,
    order,
  });
  try {
    for await (const chunk of source.chunks()) {
      stream.push(chunk);
      if (budget?.exhausted() === true) return judged(unfinishedResult(entries), { operations: entries });
    }
    const end = stream.end();
    const isEmpty = numbers.count === 0 && !judge.isOfRun;
    return judged(isEmpty ? emptyResult(end.operations) : checker.result(budget), end);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new UserError(
      `${source.name}: ${error.message}`,
      'Nothing was checked: every line must be an operation that the model knows.',
    );
  }
}

/** Reports an operation that the model does not know as an error in that line. */
function observeAt(checker: Checker, op: Op, line: number): void {
  try {
    checker.observe(op);
  } catch (error) {
    if (error instanceof UserError) throw new HistoryError(`line ${line}: ${error.message}`);
    throw error;
  }
}

function malformedAt({ malformed = '' }: Checker, line: number): HistoryError {
  return new HistoryError(`line ${line}: ${malformed.replace(/\.$/, '')}.`);
}
