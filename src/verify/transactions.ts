/**
 * Replays orders of transactions: on lists, to which transactions append, and on registers, which they write.
 *
 * A transaction with an unknown outcome may or may not be in an order; its reads are ignored.
 */
import { canonicalJson, type Json } from '../protocol/json.ts';
import { ProofError, type OrderProof, type Respects } from './certificate.ts';
import { holdRealtime, operationAt, type Operations } from './operations.ts';
import { holdOneEmptyList, isWrite, KeyState, microOpsOf, wrongRead, type Stores } from './key-state.ts';
import { holdSeen } from './visibility.ts';

export function verifyOrder(
  { kind, respects, order }: OrderProof,
  operations: Operations,
  stores: Stores,
): void {
  const versions = new Map<string, KeyState>();
  const versionsOf = (key: Json): KeyState => {
    const text = canonicalJson(key);
    const known = versions.get(text) ?? new KeyState(stores);
    versions.set(text, known);
    return known;
  };
  const began = new Map<number, number>();
  const committed = new Map<number, number>();
  for (const [at, point] of order.entries()) {
    const name = nameOf(point);
    if (operationAt(operations, name).outcome === 'fail') throw new ProofError(`${name} failed`);
    const isBegin = typeof point === 'string';
    // With snapshots, the realtime and process checks would not apply to the whole transaction.
    if (isBegin && kind !== 'snapshot')
      throw new ProofError(`${point}: an order of kind ${kind} has no snapshots`);
    if ((isBegin ? began : committed).has(name)) throw new ProofError(`${name} stands there twice`);
    (isBegin ? began : committed).set(name, at);
    if (!isBegin) commit(name, at);
  }
  for (const [name, { outcome }] of operations)
    if (outcome === 'ok' && !committed.has(name))
      throw new ProofError(`${name} succeeded, but is not in the order`);
  for (const name of committed.keys()) {
    const operation = operationAt(operations, name);
    if (kind === 'commits') holdReads(name);
    else if (stores.isOfLists && kind !== 'view' && operation.outcome === 'ok') holdOneEmptyList(operation);
  }
  if (kind === 'view' || kind === 'atomic' || kind === 'causal')
    holdSeen({ axiom: kind, respects, committed, stateOf: versionsOf }, operations);
  holdOrder(order, operations, respects);

  function commit(name: number, at: number): void {
    const operation = operationAt(operations, name);
    const snapshot = kind === 'snapshot' ? began.get(name) : at;
    if (snapshot === undefined) throw new ProofError(`${name} has no snapshot before it commits`);
    const own = new Map<string, Json[]>();
    for (const mop of microOpsOf(operation)) {
      const [, key, value] = mop;
      const written = own.get(canonicalJson(key)) ?? [];
      if (isWrite(mop)) own.set(canonicalJson(key), [...written, value]);
      else if ((kind === 'serial' || kind === 'snapshot') && operation.outcome === 'ok') {
        const known = versionsOf(key);
        if (!known.shows(value, known.lengthAt(snapshot), written)) throw wrongRead(name, key, value);
      }
    }
    for (const [text, values] of own) {
      const known = versions.get(text) ?? new KeyState(stores);
      versions.set(text, known);
      const latest = known.commits.at(-1);
      if (kind === 'snapshot' && latest !== undefined && latest.at > snapshot)
        throw new ProofError(`${name} writes what another one wrote since its snapshot`);
      known.items.push(...(stores.isOfLists ? values : values.slice(-1)));
      known.commits.push({ at, length: known.items.length });
    }
  }

  /**
   * Checks that reads show some committed state before their own commit, or the last one with their own transaction's
   * writes: before it no other can have been written to.
   */
  function holdReads(name: number): void {
    const operation = operationAt(operations, name);
    if (operation.outcome !== 'ok') return;
    const own = new Map<string, Json[]>();
    const before = committed.get(name) ?? 0;
    for (const mop of microOpsOf(operation)) {
      const [, key, value] = mop;
      const written = own.get(canonicalJson(key)) ?? [];
      if (isWrite(mop)) own.set(canonicalJson(key), [...written, value]);
      else {
        const known = versionsOf(key);
        let [isShown, isLatest] = [false, true];
        for (const { length } of known.before(before)) {
          isShown = known.shows(value, length, []) || (isLatest && known.shows(value, length, written));
          isLatest = false;
          if (isShown) break;
        }
        if (!isShown) throw wrongRead(name, key, value);
      }
    }
  }
}

const nameOf = (point: number | string): number =>
  typeof point === 'string' ? Number(point.slice(1)) : point;

/**
 * Checks process or realtime order; without invocations only that of each process is known. With snapshots, whatever completed before a transaction began must have committed
 * before its snapshot.
 */
function holdOrder(order: OrderProof['order'], operations: Operations, respects: Respects): void {
  if (respects === 'none') return;
  const points = order.map((point) => ({ point, name: nameOf(point) }));
  const hasSnapshot = new Set(
    points.filter(({ point }) => typeof point === 'string').map(({ name }) => name),
  );
  const lines = points.map(({ point, name }) => {
    const { begin, end, process } = operationAt(operations, name);
    if (!hasSnapshot.has(name)) return { name, begin, end, process };
    return typeof point === 'string'
      ? { name, begin, end: Infinity, process }
      : { name, begin: -1, end, process };
  });
  if (respects === 'realtime' && [...operations.values()].every(({ isInvoked }) => isInvoked))
    holdRealtime(lines);
  else
    for (const one of new Set(lines.map(({ process }) => process)))
      holdRealtime(lines.filter(({ process }) => process === one));
}
