/**
 * Orders of transactions, tried one after the other: of lists, to which transactions append, and of registers, which they write.
 *
 * A transaction whose end is unknown may stand in an order or not; what it read is not looked at.
 */
import { canonicalJson, elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import { ProofError, type OrderProof, type Respects } from './certificate.ts';
import { holdRealtime, operationAt, type Operation, type Operations } from './operations.ts';

export interface Stores {
  readonly isOfLists: boolean;
  /** What reads of keys that were never written may show beside null. */
  readonly initial: Json;
}

export type MicroOp = readonly [f: string, key: Json, value: Json];

export const microOpsOf = ({ value }: Operation): readonly MicroOp[] =>
  (elementsOf(value) ?? []).map((mop) => {
    const [f = null, key = null, shown = null] = elementsOf(mop) ?? [];
    return [typeof f === 'string' ? f : '', key, shown];
  });

export const isWrite = ([f]: MicroOp): boolean => f !== 'r';

/** The versions of one key: of a list its elements and how many there were after each commit; of a register each value. */
class Versions {
  readonly items: Json[] = [];
  readonly commits: { readonly at: number; readonly length: number }[] = [];

  constructor(private readonly stores: Stores) {}

  /** How many items there were when `at` began. */
  lengthAt(at: number): number {
    return this.commits.findLast((commit) => commit.at < at)?.length ?? 0;
  }

  /** Whether a read shows these first items, and after them what its own transaction has written. */
  shows(read: Json, length: number, own: readonly Json[]): boolean {
    if (!this.stores.isOfLists) {
      const value = own.at(-1) ?? (length === 0 ? undefined : this.items[length - 1]);
      if (value !== undefined) return jsonEquals(read, value);
      return read === null || jsonEquals(read, this.stores.initial);
    }
    const list = elementsOf(read) ?? [];
    if (list.length !== length + own.length) return false;
    return list.every((item, at) =>
      jsonEquals(item, (at < length ? this.items[at] : own[at - length]) ?? null),
    );
  }
}

export function verifyOrder(
  { kind, respects, order }: OrderProof,
  operations: Operations,
  stores: Stores,
): void {
  const versions = new Map<string, Versions>();
  const versionsOf = (key: Json): Versions => {
    const text = canonicalJson(key);
    const known = versions.get(text) ?? new Versions(stores);
    versions.set(text, known);
    return known;
  };
  const began = new Map<number, number>();
  const committed = new Map<number, number>();
  for (const [at, point] of order.entries()) {
    const name = nameOf(point);
    if (operationAt(operations, name).outcome === 'fail') throw new ProofError(`${name} failed`);
    const isBegin = typeof point === 'string';
    if ((isBegin ? began : committed).has(name)) throw new ProofError(`${name} stands there twice`);
    (isBegin ? began : committed).set(name, at);
    if (!isBegin) commit(name, at);
  }
  for (const [name, { outcome }] of operations)
    if (outcome === 'ok' && !committed.has(name))
      throw new ProofError(`${name} succeeded, but is not in the order`);
  if (kind === 'commits') for (const name of committed.keys()) holdReads(name);
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
      else if (kind !== 'commits' && operation.outcome === 'ok') {
        const known = versionsOf(key);
        if (!known.shows(value, known.lengthAt(snapshot), written)) throw wrongRead(name, key, value);
      }
    }
    for (const [text, values] of own) {
      const known = versions.get(text) ?? new Versions(stores);
      versions.set(text, known);
      const latest = known.commits.at(-1);
      if (kind === 'snapshot' && latest !== undefined && latest.at > snapshot)
        throw new ProofError(`${name} writes what another one wrote since its snapshot`);
      known.items.push(...(stores.isOfLists ? values : values.slice(-1)));
      known.commits.push({ at, length: known.items.length });
    }
  }

  /** Reads show what had been committed by then, at some time, and what their own transaction had written, or not. */
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
        const lengths = [0, ...known.commits.filter(({ at }) => at < before).map(({ length }) => length)];
        if (!lengths.some((length) => known.shows(value, length, []) || known.shows(value, length, written)))
          throw wrongRead(name, key, value);
      }
    }
  }
}

function wrongRead(name: number, key: Json, value: Json): ProofError {
  return new ProofError(
    `${name} read ${valueText(key)} as ${valueText(value)}, which is not what this order makes of it`,
  );
}

const nameOf = (point: number | string): number =>
  typeof point === 'string' ? Number(point.slice(1)) : point;

/** With snapshots, what was over before a transaction began has committed before its snapshot. */
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
  if (respects === 'realtime') holdRealtime(lines);
  else
    for (const one of new Set(lines.map(({ process }) => process)))
      holdRealtime(lines.filter(({ process }) => process === one));
}
