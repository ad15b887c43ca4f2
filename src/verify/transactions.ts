/**
 * Replays orders of transactions: on lists, to which transactions append, and on registers, which they write.
 *
 * A transaction with an unknown outcome may or may not be in an order; its reads are ignored.
 */
import type { Json } from '../protocol/json.ts';
import { ProofError, type OrderProof, type Respects } from './certificate.ts';
import { holdRealtime, operationAt, type Operations } from './operations.ts';
import { effectsOf, holdOneEmptyList, KeyState, wrongRead, type Stores } from './key-state.ts';
import { holdSeen } from './visibility.ts';

export function verifyOrder(
  { kind, respects, order }: OrderProof,
  operations: Operations,
  stores: Stores,
): void {
  const hasSnapshots = kind === 'snapshot' || kind === 'prefix';
  const states = new Map<string, KeyState>();
  const stateOf = (key: string): KeyState => {
    const known = states.get(key) ?? new KeyState(stores);
    states.set(key, known);
    return known;
  };
  const began = new Map<number, number>();
  const committed = new Map<number, number>();
  for (const [at, point] of order.entries()) {
    const name = nameOf(point);
    if (operationAt(operations, name).outcome === 'fail') throw new ProofError(`${name} failed`);
    const isBegin = typeof point === 'string';
    // With snapshots, the realtime and process checks would not apply to the whole transaction.
    if (isBegin && !hasSnapshots) throw new ProofError(`${point}: an order of kind ${kind} has no snapshots`);
    if ((isBegin ? began : committed).has(name)) throw new ProofError(`${name} stands there twice`);
    (isBegin ? began : committed).set(name, at);
    if (!isBegin) commit(name, at);
  }
  for (const [name, { outcome }] of operations)
    if (outcome === 'ok' && !committed.has(name))
      throw new ProofError(`${name} succeeded, but is not in the order`);
  for (const [name, at] of committed) {
    if (kind === 'commits') holdReads(name, at);
    else if (stores.isOfLists && kind !== 'view') holdOneEmptyList(operationAt(operations, name));
  }
  if (kind === 'view' || kind === 'atomic' || kind === 'causal')
    holdSeen({ axiom: kind, respects, committed, stateOf }, operations);
  holdOrder(order, operations, respects);

  function commit(name: number, at: number): void {
    const { reads, writes } = effectsOf(operationAt(operations, name));
    const snapshot = hasSnapshots ? began.get(name) : at;
    if (snapshot === undefined) throw new ProofError(`${name} has no snapshot before it commits`);
    if (kind === 'serial' || hasSnapshots)
      for (const { key, text, value, own } of reads) {
        const state = stateOf(text);
        if (!state.shows(value, state.lengthAt(snapshot), own)) throw wrongRead(name, key, value);
      }
    for (const [text, values] of writes) {
      const state = stateOf(text);
      const latest = state.commits.at(-1);
      if (kind === 'snapshot' && latest !== undefined && latest.at > snapshot)
        throw new ProofError(`${name} writes what another one wrote since its snapshot`);
      state.items.push(...(stores.isOfLists ? values : values.slice(-1)));
      state.commits.push({ at, length: state.items.length });
    }
  }

  function holdReads(name: number, at: number): void {
    for (const { key, text, value, own } of effectsOf(operationAt(operations, name)).reads) {
      const state = stateOf(text);
      if (!isShown(state, value, own, at)) throw wrongRead(name, key, value);
    }
  }
}

/**
 * Whether a read shows some committed state before its own commit, or the last one with its own transaction's writes:
 * before it no other can have been written to.
 */
function isShown(state: KeyState, value: Json, own: readonly Json[], at: number): boolean {
  let written = own;
  for (const { length } of state.before(at)) {
    if (state.shows(value, length, []) || state.shows(value, length, written)) return true;
    written = [];
  }
  return false;
}

const nameOf = (point: number | string): number =>
  typeof point === 'string' ? Number(point.slice(1)) : point;

/**
 * Checks process or realtime order; without invocations only that of each process is known. With snapshots, whatever
 * completed before a transaction began must have committed before its snapshot.
 */
function holdOrder(order: OrderProof['order'], operations: Operations, respects: Respects): void {
  if (respects === 'none') return;
  const hasSnapshot = new Set(order.filter((point) => typeof point === 'string').map(nameOf));
  const lines = order.map((point) => {
    const name = nameOf(point);
    const { begin, end, process } = operationAt(operations, name);
    if (typeof point === 'string') return { name, begin, end: Infinity, process };
    return { name, begin: hasSnapshot.has(name) ? -1 : begin, end, process };
  });
  if (respects === 'realtime' && [...operations.values()].every(({ isInvoked }) => isInvoked))
    holdRealtime(lines);
  else
    for (const one of new Set(lines.map(({ process }) => process)))
      holdRealtime(lines.filter(({ process }) => process === one));
}
