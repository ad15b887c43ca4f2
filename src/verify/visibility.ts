/**
 * Commit orders in which no read misses a write of a transaction that its own transaction has seen:
 *
 *     view      by an earlier read
 *     atomic    by any read, or by an earlier transaction of its process
 *     causal    by any number of such steps
 *
 * After Biswas and Enea ("On the Complexity of Checking Transactional Consistency", 2019). Without sessions these are
 * the monotonic atomic view and read atomic of Bailis et al., and causal consistency of Cerone et al.
 */
import type { Json } from '../protocol/json.ts';
import { ProofError, type Respects } from './certificate.ts';
import { effectsOf, wrongRead, type KeyState } from './key-state.ts';
import { operationAt, type Operation, type Operations } from './operations.ts';

export interface CommitOrder {
  readonly axiom: 'view' | 'atomic' | 'causal';
  readonly respects: Respects;
  /** Places by name, in commit order. */
  readonly committed: ReadonlyMap<number, number>;
  /** Returns the state of a key, given as text. */
  readonly stateOf: (key: string) => KeyState;
}

/** A read, and the place of the commit that it is from; -1 for the initial state. */
interface SourcedRead {
  readonly key: Json;
  readonly text: string;
  readonly value: Json;
  readonly from: number;
}

/** By key: the place of the last commit seen to write it. */
type Seen = Map<string, number>;

/** Maximum number of entries in all causal pasts together; more would exhaust the memory. */
const MOST_ENTRIES = 400_000_000;

export function holdSeen(order: CommitOrder, operations: Operations): void {
  if (order.axiom === 'causal') holdCausal(order, operations);
  else holdSteps(order, operations);
}

/** Checks what was seen by one step: the writes of transactions it read from, and of earlier ones of its process. */
function holdSteps(order: CommitOrder, operations: Operations): void {
  const { axiom, respects, committed } = order;
  const writesAt = new Map<number, Seen>();
  const sessions = new Map<number, Seen>();
  for (const [name, at] of committed) {
    const operation = operationAt(operations, name);
    const seen: Seen = new Map();
    const session = sessions.get(operation.process) ?? new Map<string, number>();
    const reads = sourcedReads(order, operation, at);
    if (axiom !== 'view') for (const { from } of reads) join(seen, writesAt.get(from));
    for (const { key, text, from, value } of reads) {
      if (Math.max(seen.get(text) ?? -1, session.get(text) ?? -1) > from) throw wrongRead(name, key, value);
      if (axiom === 'view') join(seen, writesAt.get(from));
    }
    const own = new Map([...effectsOf(operation).writes.keys()].map((text) => [text, at]));
    if (own.size > 0) writesAt.set(at, own);
    if (axiom === 'view' || respects === 'none' || operation.outcome !== 'ok') continue;
    join(session, own);
    sessions.set(operation.process, session);
  }
}

/**
 * Checks causal pasts. The past of a transaction has one place for each process, up to which that process's
 * transactions belong to it. A transaction in doubt has a row of its own, since the next one of its process need not
 * have seen it; and so has each that writes if the order of processes does not count.
 */
function holdCausal(order: CommitOrder, operations: Operations): void {
  const { committed, respects, stateOf } = order;
  const hasSessions = respects !== 'none';
  const rows = new Map<string, number>();
  const rowAt = new Map<number, number>();
  for (const [name, at] of committed) {
    const operation = operationAt(operations, name);
    const isAlone = !hasSessions || operation.outcome !== 'ok';
    if (isAlone && effectsOf(operation).writes.size === 0) continue;
    const row = isAlone ? `place ${at}` : `process ${operation.process}`;
    rows.set(row, rows.get(row) ?? rows.size);
    rowAt.set(at, rows.get(row) ?? 0);
  }
  if (rows.size * committed.size > MOST_ENTRIES)
    throw new ProofError(
      `${rows.size} processes, or transactions that follow none, are too many to follow what each has seen`,
    );
  const pastAt = new Map<number, Int32Array>();
  const sessions = new Map<number, Int32Array>();
  for (const [name, at] of committed) {
    const operation = operationAt(operations, name);
    const { outcome, process } = operation;
    const past = sessions.get(process)?.slice() ?? new Int32Array(rows.size).fill(-1);
    const reads = sourcedReads(order, operation, at);
    for (const { from } of reads)
      for (const [row, place] of pastAt.get(from)?.entries() ?? [])
        past[row] = Math.max(past[row] ?? -1, place);
    for (const { key, text, from, value } of reads)
      for (const { at: other } of stateOf(text).before(at)) {
        if (other <= from) break;
        if ((past[rowAt.get(other) ?? 0] ?? -1) >= other) throw wrongRead(name, key, value);
      }
    const row = rowAt.get(at);
    if (row !== undefined) past[row] = at;
    if (effectsOf(operation).writes.size > 0) pastAt.set(at, past);
    if (hasSessions && outcome === 'ok') sessions.set(process, past);
  }
}

/** Returns the reads with their sources, without those that show only their own transaction's writes. */
function sourcedReads(
  { axiom, respects, stateOf }: CommitOrder,
  operation: Operation,
  at: number,
): readonly SourcedRead[] {
  const mayForgetWrites = axiom === 'view' && respects === 'none';
  return effectsOf(operation).reads.flatMap(({ key, text, value, own }) => {
    const state = stateOf(text);
    let from: number | undefined;
    for (const commit of state.before(at)) {
      if (state.shows(value, commit.length, own)) from = commit.at;
      // After its own write, a read shows the version just before its commit.
      if (from !== undefined || own.length > 0) break;
    }
    if (from === undefined) {
      if (own.length > 0 && mayForgetWrites && mayShow(state, value, own, at)) return [];
      throw wrongRead(operation.begin, key, value);
    }
    // A register read after its own transaction's write shows nothing else.
    return own.length > 0 && !state.isOfLists ? [] : [{ key, text, value, from }];
  });
}

/**
 * Whether a value shows any version of a register, or the transaction's own writes so far; of a list one before its
 * commit, the last of them perhaps with a prefix of its own writes.
 */
function mayShow(state: KeyState, value: Json, written: readonly Json[], at: number): boolean {
  const beginnings = [[], ...written.map((_, place) => written.slice(0, place + 1))];
  const commits = [...state.before(state.isOfLists ? at : Infinity)];
  return commits.some(({ length }, place) =>
    (place === 0 || !state.isOfLists ? beginnings : [[]]).some((own) => state.shows(value, length, own)),
  );
}

function join(seen: Seen, others: ReadonlyMap<string, number> = new Map()): void {
  for (const [key, at] of others) seen.set(key, Math.max(at, seen.get(key) ?? -1));
}
