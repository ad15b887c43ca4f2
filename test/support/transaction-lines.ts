/** Small histories of transactions on registers or lists, line by line. */
import type { TransactionOp } from '../../src/checkers/elle/transactions/transaction-log.ts';
import type { Json } from '../../src/protocol/json.ts';

/** A line of a history of transactions. */
export type Line = readonly [type: TransactionOp['type'], process: number, value: Json];

/** Returns the lines as operations, a millisecond apart. */
export const history = (...lines: readonly Line[]): TransactionOp[] =>
  lines.map(([type, process, value], index) => ({ index, time: index * 1e6, type, process, value }));

/** Each by its own process, one after the other. */
export const serially = (...values: readonly Json[]): TransactionOp[] =>
  history(
    ...values.flatMap((value, process): Line[] => [
      ['invoke', process, value],
      ['ok', process, value],
    ]),
  );

/** Each by its own process; all begin before any ends. */
export const atOnce = (...values: readonly Json[]): TransactionOp[] =>
  history(
    ...values.map((value, process): Line => ['invoke', process, value]),
    ...values.map((value, process): Line => ['ok', process, value]),
  );
