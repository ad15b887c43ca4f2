/** Anomalies that one or two transactions show, without a cycle. */
import { canonicalJson, elementsOf, jsonEquals, type Json } from '../protocol/json.ts';
import { ProofError, type AnomalyProof } from './certificate.ts';
import { operationAt, type Operation, type Operations } from './operations.ts';
import { isWrite, microOpsOf, type MicroOp } from './key-state.ts';
import { keysOf, writes, writesOf, type Versions } from './versions.ts';

export function holdAnomaly(
  { anomaly, operations: names }: AnomalyProof,
  operations: Operations,
  versions: Versions,
): void {
  const [reader, other] = names.map((name) => operationAt(operations, name));
  const test = Object.hasOwn(TESTS, anomaly) ? TESTS[anomaly] : undefined;
  if (reader !== undefined && test === undefined)
    throw new ProofError(`The verifier does not know the anomaly ${anomaly}`);
  const reads = reader === undefined ? [] : readsOf(reader, versions.stores.isOfLists);
  if (reader === undefined || test?.({ versions, reader, reads, other }) !== true)
    throw new ProofError(`The history does not show ${anomaly} at ${names.join(', ')}`);
}

interface Suspects {
  readonly versions: Versions;
  readonly reader: Operation;
  readonly reads: readonly ShownRead[];
  readonly other: Operation | undefined;
}

/** A read whose value is known, and its own transaction's writes of the key. */
interface ShownRead {
  readonly key: Json;
  readonly value: Json;
  /** The elements of a list, or the one value of a register. */
  readonly items: readonly Json[];
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

const TESTS: Readonly<Record<string, (suspects: Suspects) => boolean>> = {
  internal: ({ versions, reader }) =>
    reader.outcome === 'ok' && contradictsItself(microOpsOf(reader), versions.stores.isOfLists),
  'own-write-missed': ({ reader, reads }) =>
    reader.outcome === 'ok' &&
    reads.some(({ items, before }) => before.length > 0 && !endsAlike(items, before)),
  'future-read': ({ versions, reader, reads }) =>
    reads.some(({ key, items, before, after }) =>
      after.some(
        (later) =>
          has(items, later) &&
          !has(before, later) &&
          !versions.isInitial(later) &&
          [...versions.writersOf(key, later)].every((writer) => writer === reader),
      ),
    ),
  G1a: ({ versions, reads, other }) =>
    other?.outcome === 'fail' &&
    reads.some(({ key, items }) =>
      items.some(
        (item) =>
          writes(other, key, item) && !versions.isInitial(item) && versions.writersOf(key, item).size === 0,
      ),
    ),
  G1b: ({ versions, reader, reads, other }) =>
    other !== undefined && other !== reader && reads.some((read) => showsPart(read, other, versions)),
  'garbage-read': ({ versions, reads }) =>
    reads.some(({ key, items }) =>
      items.some((item) => !versions.isInitial(item) && !versions.wasAsked(key, item)),
    ),
  'duplicate-elements': ({ versions, reads }) =>
    versions.stores.isOfLists &&
    reads.some(({ key, items }) =>
      items.some((item) => {
        const appends = [...versions.writersOf(key, item)].flatMap((writer) => writesOf(writer, key));
        const count = (list: readonly Json[]): number => list.filter((one) => jsonEquals(one, item)).length;
        return count(items) > Math.max(1, count(appends));
      }),
    ),
  'incompatible-order': ({ versions, reads, other }) =>
    versions.stores.isOfLists &&
    other !== undefined &&
    reads.some(({ key, items }) =>
      readsOf(other, true).some((read) => jsonEquals(read.key, key) && areApart(items, read.items)),
    ),
  'cyclic-versions': ({ versions, reader }) =>
    keysOf(reader).some((key) =>
      [reader, ...versions.reads(reader, key).map(({ from }) => from)].some(
        (one) => one !== 'initial' && versions.leadsTo(key, one, one, false),
      ),
    ),
  'lost-update': ({ versions, reader, other }) =>
    other !== undefined &&
    reader !== other &&
    keysOf(reader, isWrite).some((key) => {
      const read = versions.parent(reader, key);
      return (
        read !== undefined &&
        (read === versions.parent(other, key) || isUnseen(versions, key, { reader, other }))
      );
    }),
};

/** Whether another's write comes after all that a transaction read of a key before it wrote it, and before that write. */
function isUnseen(
  versions: Versions,
  key: Json,
  { reader, other }: { readonly reader: Operation; readonly other: Operation },
): boolean {
  const first = microOpsOf(reader).findIndex((mop) => isWrite(mop) && jsonEquals(mop[1], key));
  const inferred = { isAdjacent: false, assumed: [] };
  return (
    reader.outcome === 'ok' &&
    versions
      .reads(reader, key)
      .filter(({ place }) => place < first)
      .every((read) => versions.precedes(key, read, other, inferred)) &&
    writesOf(other, key).some((element) => versions.precedes(key, { from: other, element }, reader, inferred))
  );
}

function readsOf(operation: Operation, isOfLists: boolean): readonly ShownRead[] {
  const mops = microOpsOf(operation);
  return mops.flatMap((mop, at) => {
    const [, key, value] = mop;
    const { outcome } = operation;
    if (isWrite(mop) || (outcome !== 'ok' && (outcome !== 'info' || value === null))) return [];
    const own = (part: readonly MicroOp[]): readonly Json[] =>
      part.filter((one) => isWrite(one) && jsonEquals(one[1], key)).map((one) => one[2]);
    const items = isOfLists ? (elementsOf(value) ?? []) : [value];
    return [{ key, value, items, before: own(mops.slice(0, at)), after: own(mops.slice(at + 1)) }];
  });
}

/** Whether a read shows a write that its transaction overwrote, or only some of its appends. */
function showsPart({ key, value, items, before }: ShownRead, other: Operation, versions: Versions): boolean {
  const own = writesOf(other, key);
  if (versions.stores.isOfLists) {
    const first = items.findIndex((item) => {
      const writers = versions.writersOf(key, item);
      return writers.size === 1 && writers.has(other);
    });
    return first >= 0 && !areEqual(items.slice(first, first + own.length), own);
  }
  return (
    has(own, value) &&
    !has(before, value) &&
    !versions.isInitial(value) &&
    [...versions.writersOf(key, value)].every((writer) => !endsAlike(writesOf(writer, key), [value]))
  );
}

/** Whether a read contradicts what its own transaction read and wrote before. */
function contradictsItself(mops: readonly MicroOp[], isOfLists: boolean): boolean {
  const known = new Map<string, { readonly all?: Json | undefined; readonly tail: readonly Json[] }>();
  for (const mop of mops) {
    const [, key, value] = mop;
    const text = canonicalJson(key);
    const before = known.get(text);
    if (isWrite(mop)) {
      const tail = [...(before?.tail ?? []), value];
      known.set(text, isOfLists ? { all: before?.all, tail } : { all: value, tail: [] });
      continue;
    }
    if (before !== undefined) {
      const list = elementsOf(value) ?? [];
      const expected = [...(elementsOf(before.all) ?? []), ...before.tail];
      const fits = !isOfLists
        ? jsonEquals(value, before.all ?? null)
        : areEqual(before.all === undefined ? list.slice(-expected.length) : list, expected);
      if (!fits) return true;
    }
    known.set(text, { all: value, tail: [] });
  }
  return false;
}

const has = (list: readonly Json[], value: Json): boolean => list.some((item) => jsonEquals(item, value));

const areEqual = (one: readonly Json[], other: readonly Json[]): boolean =>
  one.length === other.length && one.every((item, at) => jsonEquals(item, other[at] ?? null));

const endsAlike = (one: readonly Json[], other: readonly Json[]): boolean =>
  jsonEquals(one.at(-1) ?? null, other.at(-1) ?? null);

/** Whether neither of two lists is a prefix of the other. */
function areApart(one: readonly Json[], other: readonly Json[]): boolean {
  const length = Math.min(one.length, other.length);
  return !areEqual(one.slice(0, length), other.slice(0, length));
}
