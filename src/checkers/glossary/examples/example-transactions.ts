/** Building blocks of the examples of transactions: when each began and ended, and on which data. */
import type { Op, OpType } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';
import { history, type AnomalyExample, type Line } from './example.ts';

export type Transaction = readonly Json[];

export const begin = (process: number, transaction: Transaction): Line => [
  process,
  'invoke',
  'txn',
  // What a read will show is unknown at its invocation.
  transaction.map((mop) => (Array.isArray(mop) && mop[0] === 'r' ? ['r', mop[1] as Json, null] : mop)),
];
export const end = (process: number, transaction: Transaction, type: OpType = 'ok'): Line => [
  process,
  type,
  'txn',
  type === 'ok' ? transaction : begin(process, transaction)[3],
];

export const whole = (process: number, transaction: Transaction, type?: OpType): readonly Line[] => [
  begin(process, transaction),
  end(process, transaction, type),
];

/** Returns concurrent transactions, each by its own process, without realtime order. */
export const concurrently = (...transactions: readonly Transaction[]): readonly Op[] =>
  history(
    ...transactions.map((transaction, process) => begin(process, transaction)),
    ...transactions.map((transaction, process) => end(process, transaction)),
  );

/** Returns transactions one after the other, each by its own process. */
export const serially = (...transactions: readonly Transaction[]): readonly Op[] =>
  history(...transactions.flatMap((transaction, process) => whole(process, transaction)));

/** Runs the other transactions one after the other, each by the given process, while the first ones are open. */
export const during = (
  spanning: readonly Transaction[],
  ...others: readonly (readonly [process: number, transaction: Transaction])[]
): readonly Op[] =>
  history(
    ...spanning.map((transaction, at) => begin(10 + at, transaction)),
    ...others.flatMap(([process, transaction]) => whole(process, transaction)),
    ...spanning.map((transaction, at) => end(10 + at, transaction)),
  );

export const append = (key: string, element: number): Json => ['append', key, element];
export const write = (key: string, value: number): Json => ['w', key, value];
export const read = (key: string, value: Json): Json => ['r', key, value];

export const appends = (ops: readonly Op[], also: readonly string[] = []): AnomalyExample => ({
  model: 'list-append',
  history: ops,
  also,
});
export const bySession = (ops: readonly Op[]): AnomalyExample => ({
  ...appends(ops),
  consistencyModel: 'strong-session-serializable',
});

export const registers = (consistencyModel: string, ops: readonly Op[]): AnomalyExample => ({
  model: 'rw-register',
  history: ops,
  consistencyModel,
});

export const decided = (consistencyModel: string, ...lines: readonly Line[]): AnomalyExample => ({
  model: 'rw-register',
  history: history(...lines),
  consistencyModel,
  options: { 'decide?': true },
});

/** Returns transactions one after the other, all by process 0. */
export function serially0(...transactions: readonly Transaction[]): readonly Op[] {
  return history(...transactions.flatMap((transaction) => whole(0, transaction)));
}
