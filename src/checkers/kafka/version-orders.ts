/**
 * What the log of each key must have looked like: which values were seen at which offset.
 *
 * Evidence is every poll, whatever its operation's outcome, and every send with a known offset whose operation was
 * committed: it ended ok, or it ended in info and an ok operation read one of its messages.
 */
import { present } from '../../columns/present.ts';
import { jsonEquals, type Json } from '../../protocol/json.ts';
import { Int32Column } from '../../columns/column.ts';
import { INFO, OK, POLL, SEND, TRANSFER, type KafkaOperations } from './operations.ts';
import { representative } from './representative.ts';

export interface KeyOrder {
  /** The offsets that hold a value, sorted ascending. */
  readonly offsets: Float64Array;
  /** Indexed by dense index (position in `offsets`): one value seen there. */
  readonly byIndex: Int32Array;
  /** Dense index -> all values seen there, if several. */
  readonly conflicts: ReadonlyMap<number, readonly number[]>;
  /** Indexed by value: its dense index in `byIndex`; -1 if it has none. */
  readonly indexOf: Int32Array;
  /** Indexed by value: the first and last dense index it was seen at; -1 if none. */
  readonly firstIndex: Int32Array;
  readonly lastIndex: Int32Array;
  /** By value seen at several offsets: these offsets, sorted ascending. */
  readonly duplicates: ReadonlyMap<number, readonly number[]>;
}

export interface Reads {
  /** Indexed by key and value: the first ok row that polled it; -1 if none. */
  readonly okReader: readonly Int32Array[];
  /**
   * Indexed by key and value: the last row that sent it, of those with the best outcome, ok before info before fail; -1
   * if none.
   */
  readonly writer: readonly Int32Array[];
}

export function readsAndWriters(operations: KafkaOperations): Reads {
  const okReader: Int32Array[] = [];
  const writer: Int32Array[] = [];
  for (let key = 0; key < operations.keyCount; key++) {
    okReader.push(new Int32Array(operations.valueCount(key)).fill(-1));
    writer.push(new Int32Array(operations.valueCount(key)).fill(-1));
  }
  const { itemKind, itemKey, itemValue, firstItem } = operations;
  for (let row = 0; row < operations.rowCount; row++) {
    const outcome = present(operations.outcome.values[row]);
    const end = present(firstItem.values[row + 1]);
    for (let item = present(firstItem.values[row]); item < end; item++) {
      const table = (itemKind.values[item] === SEND ? writer : okReader)[
        present(itemKey.values[item])
      ] as Int32Array;
      const value = present(itemValue.values[item]);
      const before = present(table[value]);
      if (itemKind.values[item] !== SEND) {
        if (outcome === OK && before === -1) table[value] = row;
      } else if (before === -1 || outcome <= operations.outcome.at(before)) {
        table[value] = row;
      }
    }
  }
  return { okReader, writer };
}

/** Whether the row's sends certainly took effect. */
export function isCommitted(operations: KafkaOperations, reads: Reads, row: number): boolean {
  const outcome = operations.outcome.at(row);
  if (outcome === OK) return true;
  if (outcome !== INFO) return false;
  for (let item = operations.firstItem.at(row); item < operations.firstItem.at(row + 1); item++) {
    if (operations.itemKind.at(item) !== SEND) continue;
    const readers = reads.okReader[operations.itemKey.at(item)];
    if ((readers?.[operations.itemValue.at(item)] ?? -1) >= 0) return true;
  }
  return false;
}

export function versionOrders(operations: KafkaOperations, reads: Reads): readonly KeyOrder[] {
  const sightings = Array.from({ length: operations.keyCount }, () => new Sightings());
  for (let row = 0; row < operations.rowCount; row++) {
    if (operations.role.values[row] !== TRANSFER) continue;
    const start = present(operations.firstItem.values[row]);
    const end = present(operations.firstItem.values[row + 1]);
    if (start === end) continue;
    const committed = isCommitted(operations, reads, row);
    for (let item = start; item < end; item++) {
      const offset = present(operations.itemOffset.values[item]);
      if (Number.isNaN(offset) || (operations.itemKind.values[item] !== POLL && !committed)) continue;
      (sightings[present(operations.itemKey.values[item])] as Sightings).add(
        offset,
        present(operations.itemValue.values[item]),
      );
    }
  }
  return sightings.map((seen, key) =>
    seen.order(operations.valueCount(key), (value) => operations.value(key, value)),
  );
}

/** (offset, value) pairs of one key, without duplicates. */
class Sightings {
  private readonly valueAt = new Map<number, number>();
  private readonly others = new Map<number, number[]>();

  add(offset: number, value: number): void {
    const known = this.valueAt.get(offset);
    if (known === undefined) {
      this.valueAt.set(offset, value);
      return;
    }
    if (known === value) return;
    const others = this.others.get(offset);
    if (others === undefined) this.others.set(offset, [value]);
    else if (!others.includes(value)) others.push(value);
  }

  order(valueCount: number, nameOf: (value: number) => Json): KeyOrder {
    const offsets = Float64Array.from(this.valueAt.keys()).sort();
    const byIndex = new Int32Column(Math.max(1, offsets.length));
    const indexOf = new Int32Array(valueCount).fill(-1);
    const firstIndex = new Int32Array(valueCount).fill(-1);
    const lastIndex = new Int32Array(valueCount).fill(-1);
    const conflicts = new Map<number, readonly number[]>();
    const duplicates = new Map<number, number[]>();
    const notice = (value: number, index: number): void => {
      const first = present(firstIndex[value]);
      if (first < 0) firstIndex[value] = index;
      else {
        const known = duplicates.get(value) ?? [present(offsets[first])];
        known.push(present(offsets[index]));
        duplicates.set(value, known);
      }
      lastIndex[value] = index;
    };
    for (let index = 0; index < offsets.length; index++) {
      const offset = present(offsets[index]);
      let value = this.valueAt.get(offset) as number;
      const seen = [value, ...(this.others.get(offset) ?? [])];
      if (seen.length > 1) {
        conflicts.set(index, seen);
        const chosen = representative(seen.map(nameOf));
        value = seen.find((one) => jsonEquals(nameOf(one), chosen)) ?? value;
      }
      byIndex.push(value);
      indexOf[value] = index;
      for (const one of seen) notice(one, index);
    }
    return {
      offsets,
      byIndex: byIndex.values.subarray(0, offsets.length),
      conflicts,
      indexOf,
      firstIndex,
      lastIndex,
      duplicates,
    };
  }
}

/**
 * Returns the number of positions between two values of a key; 1 if either has no known place, so that nothing is
 * claimed.
 */
export function deltaOf(order: KeyOrder, from: number, to: number): number {
  const a = present(order.indexOf[from]);
  const b = present(order.indexOf[to]);
  return a < 0 || b < 0 ? 1 : b - a;
}
