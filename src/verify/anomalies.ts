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
  if (reader === undefined || !isShown(versions, anomaly, reader, other))
    throw new ProofError(`The history does not show ${anomaly} at ${names.join(', ')}`);
}

function isShown(
  versions: Versions,
  anomaly: string,
  reader: Operation,
  other: Operation | undefined,
): boolean {
  const { isOfLists } = versions.stores;
  const mops = microOpsOf(reader);
  const reads = mops.filter((mop) => isKnownRead(reader, mop));
  const itemsOf = (read: Json): readonly Json[] => (isOfLists ? (elementsOf(read) ?? []) : [read]);
  switch (anomaly) {
    case 'internal':
      return reader.outcome === 'ok' && contradictsItself(mops, isOfLists);
    case 'own-write-missed':
      return mops.some((mop, at) => {
        const own = mops.slice(0, at).findLast((one) => isWrite(one) && jsonEquals(one[1], mop[1]));
        return (
          reader.outcome === 'ok' &&
          !isWrite(mop) &&
          own !== undefined &&
          !jsonEquals(itemsOf(mop[2]).at(-1) ?? null, own[2])
        );
      });
    case 'future-read':
      return mops.some(
        (mop, at) =>
          reads.includes(mop) &&
          mops
            .slice(at + 1)
            .some(
              (later) =>
                isWrite(later) &&
                jsonEquals(later[1], mop[1]) &&
                itemsOf(mop[2]).some((item) => jsonEquals(item, later[2])) &&
                !versions.isInitial(later[2]) &&
                [...versions.writersOf(mop[1], later[2])].every((writer) => writer === reader) &&
                !mops
                  .slice(0, at)
                  .some((own) => isWrite(own) && jsonEquals(own[1], mop[1]) && jsonEquals(own[2], later[2])),
            ),
      );
    case 'G1a':
      return (
        other?.outcome === 'fail' &&
        reads.some(([, key, read]) =>
          itemsOf(read).some(
            (item) =>
              writes(other, key, item) &&
              !versions.isInitial(item) &&
              versions.writersOf(key, item).size === 0,
          ),
        )
      );
    case 'G1b':
      return (
        other !== undefined &&
        other !== reader &&
        reads.some((mop) => {
          const [, key, read] = mop;
          const own = writesOf(other, key);
          const items = itemsOf(read);
          if (!isOfLists)
            return (
              writes(other, key, read) &&
              !versions.isInitial(read) &&
              !mops
                .slice(0, mops.indexOf(mop))
                .some((one) => isWrite(one) && jsonEquals(one[1], key) && jsonEquals(one[2], read)) &&
              [...versions.writersOf(key, read)].every(
                (writer) => !jsonEquals(writesOf(writer, key).at(-1) ?? null, read),
              )
            );
          const first = items.findIndex(
            (item) => versions.writersOf(key, item).size === 1 && versions.writersOf(key, item).has(other),
          );
          return first >= 0 && !areEqual(items.slice(first, first + own.length), own);
        })
      );
    case 'garbage-read':
      return reads.some(([, key, read]) =>
        itemsOf(read).some((item) => !versions.isInitial(item) && !versions.wasAsked(key, item)),
      );
    case 'duplicate-elements':
      return (
        isOfLists &&
        reads.some(([, key, read]) =>
          itemsOf(read).some((item) => {
            const appends = [...versions.writersOf(key, item)].flatMap((writer) => writesOf(writer, key));
            const count = (list: readonly Json[]): number =>
              list.filter((one) => jsonEquals(one, item)).length;
            return count(itemsOf(read)) > Math.max(1, count(appends));
          }),
        )
      );
    case 'incompatible-order':
      return (
        isOfLists &&
        other !== undefined &&
        reads.some(([, key, read]) =>
          microOpsOf(other).some(
            (mop) => isKnownRead(other, mop) && jsonEquals(mop[1], key) && areApart(read, mop[2]),
          ),
        )
      );
    case 'cyclic-versions':
      return keysOf(reader).some((key) =>
        [reader, ...versions.reads(reader, key).map(({ from }) => from)].some(
          (one) => one !== 'initial' && versions.leadsTo(key, one, one, false),
        ),
      );
    case 'lost-update':
      return (
        other !== undefined &&
        reader !== other &&
        keysOf(reader, isWrite).some((key) => {
          const read = versions.parent(reader, key);
          return read !== undefined && read === versions.parent(other, key);
        })
      );
    default:
      throw new ProofError(`The verifier does not know the anomaly ${anomaly}`);
  }
}

const isKnownRead = ({ outcome }: Operation, mop: MicroOp): boolean =>
  !isWrite(mop) && (outcome === 'ok' || (outcome === 'info' && mop[2] !== null));

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

const areEqual = (one: readonly Json[], other: readonly Json[]): boolean =>
  one.length === other.length && one.every((item, at) => jsonEquals(item, other[at] ?? null));

/** Whether neither of two lists is a prefix of the other. */
function areApart(left: Json, right: Json): boolean {
  const [one, other] = [elementsOf(left) ?? [], elementsOf(right) ?? []];
  const length = Math.min(one.length, other.length);
  return !areEqual(one.slice(0, length), other.slice(0, length));
}
