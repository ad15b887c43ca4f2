/**
 * For tests: small random histories of transactions, with crashes and open invocations, and a search for an order of the
 * transactions that explains them. It shares no code with the checkers.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../src/protocol/json.ts';
import { Random } from '../../src/world/random.ts';
import type { MicroOp, TransactionOp } from '../../src/checkers/elle/transactions/transaction-log.ts';

export type SessionOrder = 'none' | 'process' | 'realtime';

interface Txn {
  readonly process: number;
  readonly begin: number;
  readonly end: number;
  readonly mops: readonly MicroOp[];
  /** Whether it must have happened; a crashed one may have. */
  readonly ok: boolean;
}

export interface SmallHistory {
  readonly ops: readonly TransactionOp[];
  /** Whether the appends of all successful transactions are in some successful read. */
  readonly everythingRead: boolean;
}

/** Returns up to seven transactions by three processes on two keys; reads show the state, an older one, or that of a crash. */
export function smallHistory(write: 'append' | 'w', seed: number): SmallHistory {
  const random = Random.fromSeed(`small histories/${seed}`);
  const ops: TransactionOp[] = [];
  const add = (type: TransactionOp['type'], process: number, value: Json): void => {
    ops.push({ index: ops.length, time: ops.length, type, process, f: 'txn', value });
  };
  const states: Map<Json, Json>[] = [new Map()];
  const open = new Map<number, { asked: readonly MicroOp[] }>();
  const processes = [0, 1, 2];
  let fresh = 3;
  let left = 3 + random.int(5);
  let value = 0;
  while (left > 0 || open.size > 0) {
    const at = random.int(processes.length);
    const process = processes[at] ?? 0;
    const begun = open.get(process);
    if (begun === undefined) {
      if (left === 0) {
        processes.splice(at, 1);
        continue;
      }
      left--;
      const asked = Array.from({ length: 1 + random.int(2) }, (): MicroOp => {
        const key = random.boolean() ? 'x' : 'y';
        return random.boolean() ? ['r', key, null] : [write, key, ++value];
      });
      open.set(process, { asked });
      add('invoke', process, asked);
      continue;
    }
    open.delete(process);
    const outcome = random.int(10);
    const base = random.int(4) === 0 ? states[random.int(states.length)] : states.at(-1);
    const state = new Map(base);
    const done = begun.asked.map(([f, key, written]): MicroOp => {
      if (f === 'r') return [f, key, state.get(key) ?? null];
      const before = (state.get(key) ?? []) as readonly Json[];
      state.set(key, f === 'append' ? [...before, written] : written);
      return [f, key, written];
    });
    if (outcome < 7) {
      states.push(state);
      add('ok', process, done);
      continue;
    }
    // It crashed, or never completes; it may still have taken effect.
    if (random.boolean()) states.push(state);
    if (outcome < 9) {
      add('info', process, begun.asked);
      // In some histories the process continues.
      if (random.boolean()) continue;
    }
    processes[at] = fresh++;
  }
  if (random.boolean()) {
    const read = (state: ReadonlyMap<Json, Json> | undefined) =>
      ['x', 'y'].map((key): MicroOp => ['r', key, state?.get(key) ?? null]);
    add('invoke', fresh, read(undefined));
    add('ok', fresh, read(states.at(-1)));
  }
  return { ops, everythingRead: isEverythingRead(ops) };
}

function isEverythingRead(ops: readonly TransactionOp[]): boolean {
  const done = ops.filter(({ type }) => type === 'ok').flatMap((op) => op.value as readonly MicroOp[]);
  return done.every(
    ([f, key, value]) =>
      f !== 'append' ||
      done.some(
        ([other, read, list]) =>
          other === 'r' && read === key && Array.isArray(list) && (list as readonly Json[]).includes(value),
      ),
  );
}

function transactionsOf(ops: readonly TransactionOp[]): readonly Txn[] {
  return ops.flatMap((invocation, begin): Txn[] => {
    if (invocation.type !== 'invoke') return [];
    const { process } = invocation;
    const end = ops.findIndex((op, at) => at > begin && op.process === process);
    const completion = ops[end];
    const ok = completion?.type === 'ok';
    const mops = (ok ? completion.value : invocation.value) as readonly MicroOp[];
    return [{ process: process as number, begin, end: end < 0 ? Infinity : end, mops, ok }];
  });
}

/** Whether the successful transactions and some of the crashed ones have an order that explains the reads. */
export function isExplained(
  ops: readonly TransactionOp[],
  write: 'append' | 'w',
  order: SessionOrder,
): boolean {
  const txns = transactionsOf(ops);
  const isBefore = (a: Txn, b: Txn): boolean =>
    a.ok &&
    (order === 'realtime'
      ? a.end < b.begin
      : order === 'process' && a.process === b.process && a.end < b.begin);
  const known = new Set<string>();
  const search = (done: ReadonlySet<Txn>, state: ReadonlyMap<Json, Json>): boolean => {
    if (txns.every((txn) => !txn.ok || done.has(txn))) return true;
    const name = JSON.stringify([txns.map((txn) => done.has(txn)), state.get('x'), state.get('y')]);
    if (known.has(name)) return false;
    known.add(name);
    return txns.some((txn) => {
      if (done.has(txn)) return false;
      if (txns.some((other) => !done.has(other) && other !== txn && isBefore(other, txn))) return false;
      // A transaction that had to happen before this one can no longer happen after it.
      const next = step(txn, state, write);
      return next !== undefined && search(new Set([...done, txn]), next);
    });
  };
  return search(new Set(), new Map());
}

function step(txn: Txn, state: ReadonlyMap<Json, Json>, write: string): ReadonlyMap<Json, Json> | undefined {
  const next = new Map(state);
  for (const [f, key, value] of txn.mops) {
    if (f === write) {
      next.set(key, f === 'append' ? [...((next.get(key) ?? []) as readonly Json[]), value] : value);
    } else if (txn.ok && !isDeepStrictEqual(next.get(key) ?? null, value)) return undefined;
  }
  return next;
}
