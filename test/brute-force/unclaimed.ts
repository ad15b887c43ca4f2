/** Histories in which a checker of transactions claims less than to find everything. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import { identity } from './odd-values.ts';
import type { MicroOp } from './transactional-histories.ts';

const microOpsOf = ({ value }: HistoryOp): readonly MicroOp[] =>
  Array.isArray(value) ? (value as readonly MicroOp[]) : [];

/** What the ok reads of a key show, one list of identities a read. */
function listsOf(ops: readonly HistoryOp[], key: Json): readonly (readonly string[])[] {
  return ops
    .flatMap((op) => (op.type === 'ok' ? microOpsOf(op) : []))
    .filter(([f, other]) => f === 'r' && identity(other) === identity(key))
    .map(([, , list]) => ((list ?? []) as readonly Json[]).map(identity));
}

/** Whether some list shows what one transaction appended in another order than it did, or without what came before. */
export function showsOwnAppendsOutOfOrder(ops: readonly HistoryOp[]): boolean {
  return ops.some((op) => {
    const appends = microOpsOf(op).filter(([f]) => f === 'append');
    return appends.some(([, key]) => {
      const own = appends
        .filter((other) => identity(other[1]) === identity(key))
        .map(([, , element]) => identity(element));
      return listsOf(ops, key).some((list) => {
        const places = own.map((element) => list.indexOf(element));
        const last = places.findLastIndex((place) => place >= 0);
        return places.slice(0, last + 1).some((place, at) => place < (at === 0 ? 0 : (places[at - 1] ?? 0)));
      });
    });
  });
}

/** Whether several transactions that succeeded appended to one key what no read of it shows. */
export function hasRivalUnseenAppends(ops: readonly HistoryOp[]): boolean {
  const rivals = new Map<string, Set<HistoryOp>>();
  for (const op of ops) {
    if (op.type === 'fail' || op.type === 'invoke') continue;
    for (const [f, key, element] of microOpsOf(op)) {
      if (f !== 'append' || listsOf(ops, key).some((list) => list.includes(identity(element)))) continue;
      rivals.set(identity(key), (rivals.get(identity(key)) ?? new Set()).add(op));
    }
  }
  return [...rivals.values()].some(({ size }) => size > 1);
}

/** Whether some transaction reads from a register what no other has written, or what it writes only later. */
export function readsWhatWasNotWritten(ops: readonly HistoryOp[]): boolean {
  return ops.some(
    (reader) =>
      reader.type === 'ok' &&
      microOpsOf(reader).some(([f, key, value], at) => {
        if (f !== 'r' || value === null) return false;
        const isWriteOfIt = (other: MicroOp): boolean =>
          other[0] === 'w' && identity(other[1]) === identity(key) && identity(other[2]) === identity(value);
        return (
          !microOpsOf(reader).slice(0, at).some(isWriteOfIt) &&
          !ops.some((op) => op.type === 'ok' && op !== reader && microOpsOf(op).some(isWriteOfIt))
        );
      }),
  );
}
