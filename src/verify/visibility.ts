/**
 * Orders of commits in which no read misses a write of a transaction that its own one has seen:
 *
 *     view      by an earlier read
 *     atomic    by any read, or by what its process did before
 *     causal    by any number of such steps
 *
 * After Biswas and Enea ("On the Complexity of Checking Transactional Consistency", 2019). Without sessions the first two are the
 * monotonic atomic view and read atomic of Bailis et al.
 */
import { canonicalJson, type Json } from '../protocol/json.ts';
import type { Respects } from './certificate.ts';
import { operationAt, type Operation, type Operations } from './operations.ts';
import { isWrite, microOpsOf, wrongRead, type KeyState } from './key-state.ts';

export interface CommitOrder {
  readonly axiom: 'view' | 'atomic' | 'causal';
  readonly respects: Respects;
  /** By name, in the order of commits: the place. */
  readonly committed: ReadonlyMap<number, number>;
  readonly stateOf: (key: Json) => KeyState;
}

/** By key: the place of the last commit that was seen to write it. */
type Seen = Map<string, number>;

const join = (seen: Seen, others: ReadonlyMap<string, number> = new Map()): void => {
  for (const [key, at] of others) seen.set(key, Math.max(at, seen.get(key) ?? -1));
};

export function holdSeen({ axiom, respects, committed, stateOf }: CommitOrder, operations: Operations): void {
  const visibleFrom = new Map<number, Seen>();
  const sessions = new Map<number, Seen>();
  const mayForgetWrites = axiom === 'view' && respects === 'none';
  for (const [name, at] of committed) {
    const operation = operationAt(operations, name);
    const seen: Seen = new Map();
    const counts = axiom !== 'view' && respects !== 'none';
    if (counts) join(seen, sessions.get(operation.process));
    const reads = operation.outcome === 'ok' ? readsOf(operation, at) : [];
    if (axiom !== 'view') for (const { from } of reads) join(seen, visibleFrom.get(from));
    for (const { key, from, value } of reads) {
      if ((seen.get(canonicalJson(key)) ?? -1) > from) throw wrongRead(name, key, value);
      if (axiom === 'view') join(seen, visibleFrom.get(from));
    }
    const visible: Seen = axiom === 'causal' ? seen : new Map();
    for (const mop of microOpsOf(operation)) if (isWrite(mop)) visible.set(canonicalJson(mop[1]), at);
    visibleFrom.set(at, visible);
    if (!counts || operation.outcome !== 'ok') continue;
    const session = sessions.get(operation.process) ?? new Map<string, number>();
    join(session, visible);
    sessions.set(operation.process, session);
  }

  /** Whether it shows any version, or what its transaction had written at first. */
  function mayShow(state: KeyState, value: Json, written: readonly Json[]): boolean {
    const lengths = [0, ...state.commits.map(({ length }) => length)];
    const beginnings = [[], ...written.map((_, at) => written.slice(0, at + 1))];
    return lengths.some((length) => beginnings.some((own) => state.shows(value, length, own)));
  }

  /** Which commit each read is from; -1 for the initial state. Throws where it is from none. */
  function readsOf(operation: Operation, at: number): readonly { key: Json; value: Json; from: number }[] {
    const own = new Map<string, Json[]>();
    return microOpsOf(operation).flatMap((mop) => {
      const [, key, value] = mop;
      const text = canonicalJson(key);
      const written = own.get(text) ?? [];
      if (isWrite(mop)) {
        own.set(text, [...written, value]);
        return [];
      }
      const state = stateOf(key);
      const commits = [{ at: -1, length: 0 }, ...state.commits.filter((commit) => commit.at < at)];
      const from = commits.findLast(({ length }) => state.shows(value, length, written));
      if (from === undefined || (written.length > 0 && from.at !== commits.at(-1)?.at)) {
        if (written.length > 0 && mayForgetWrites && mayShow(state, value, written)) return [];
        throw wrongRead(operation.begin, key, value);
      }
      // A register shows nothing else once its transaction has written it.
      return written.length > 0 && !state.isOfLists ? [] : [{ key, value, from: from.at }];
    });
  }
}
