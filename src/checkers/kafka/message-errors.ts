/**
 * Errors about single messages: two at one offset, one at two offsets, read although the sender failed, read by the
 * sender before it committed, lost, or read although never sent.
 */
import { present } from '../../columns/present.ts';
import { FAIL, OK, POLL, SEND, TRANSFER, type KafkaOperations } from './operations.ts';
import { isCommitted, type KeyOrder, type Reads } from './version-orders.ts';

export interface InconsistentOffset {
  readonly key: number;
  readonly index: number;
  readonly offset: number;
  readonly values: readonly number[];
}

export interface Duplicate {
  readonly key: number;
  readonly value: number;
  readonly offsets: readonly number[];
}

export interface AbortedRead {
  readonly key: number;
  readonly value: number;
  readonly writer: number;
  readonly reader: number;
}

export interface OwnRead {
  readonly row: number;
  readonly key: number;
  readonly value: number;
}

export interface LostWrite {
  readonly key: number;
  readonly value: number;
  readonly index: number;
  readonly writer: number;
  /** The highest place that an ok operation read, at or beyond this message. */
  readonly maxReadIndex: number;
  readonly maxRead: number;
}

export interface GarbageRead {
  readonly key: number;
  readonly value: number;
  readonly row: number;
}

export function inconsistentOffsets(orders: readonly KeyOrder[]): readonly InconsistentOffset[] {
  return orders.flatMap((order, key) =>
    [...order.conflicts].map(([index, values]) => ({
      key,
      index,
      offset: order.offsets[index] ?? -1,
      values,
    })),
  );
}

export function duplicates(orders: readonly KeyOrder[]): readonly Duplicate[] {
  return orders.flatMap((order, key) =>
    [...order.duplicates].map(([value, offsets]) => ({ key, value, offsets })),
  );
}

/**
 * Returns reads by ok operations of messages that only failed operations had sent: aborted, yet seen (Adya's G1a). A
 * message that was sent again by an operation that did not fail may be read.
 */
export function abortedReads(operations: KafkaOperations, reads: Reads): readonly AbortedRead[] {
  const failedWriter = new Map<number, Map<number, number>>();
  for (const item of itemsOf(operations, SEND)) {
    if (operations.outcome.values[item.row] !== FAIL) continue;
    if (operations.outcome.at(reads.writer[item.key]?.[item.value] ?? item.row) !== FAIL) continue;
    const writers = failedWriter.get(item.key) ?? new Map<number, number>();
    failedWriter.set(item.key, writers);
    writers.set(item.value, item.row);
  }
  if (failedWriter.size === 0) return [];
  const found: AbortedRead[] = [];
  const known = new MessagesOfRow();
  for (const item of itemsOf(operations, POLL)) {
    if (operations.outcome.values[item.row] !== OK) continue;
    const writer = failedWriter.get(item.key)?.get(item.value);
    if (writer === undefined || !known.add(item)) continue;
    found.push({ key: item.key, value: item.value, writer, reader: item.row });
  }
  return found;
}

/** Messages of one operation, which may be many. Those of the previous operation are forgotten. */
class MessagesOfRow {
  #row = -1;
  readonly #values = new Map<number, Set<number>>();

  /** Returns false if the message is known. */
  add({ row, key, value }: Item): boolean {
    if (row !== this.#row) this.#values.clear();
    this.#row = row;
    const values = this.#values.get(key) ?? new Set<number>();
    this.#values.set(key, values);
    return values.size < values.add(value).size;
  }

  has({ row, key, value }: Item): boolean {
    return row === this.#row && this.#values.get(key)?.has(value) === true;
  }
}

/**
 * Returns operations that polled a message they sent themselves, which is impossible before they commit. Only the first
 * per operation.
 */
export function precommittedReads(operations: KafkaOperations): readonly OwnRead[] {
  const found: OwnRead[] = [];
  const polled = new MessagesOfRow();
  for (let row = 0; row < operations.rowCount; row++) {
    if (operations.role.values[row] !== TRANSFER) continue;
    const start = present(operations.firstItem.values[row]);
    const end = present(operations.firstItem.values[row + 1]);
    const itemAt = (item: number): Item => ({
      row,
      key: operations.itemKey.at(item),
      value: operations.itemValue.at(item),
    });
    if (!operations.itemKind.values.subarray(start, end).includes(SEND)) continue;
    for (let item = start; item < end; item++)
      if (operations.itemKind.values[item] === POLL) polled.add(itemAt(item));
    for (let sent = start; sent < end; sent++) {
      if (operations.itemKind.values[sent] !== SEND || !polled.has(itemAt(sent))) continue;
      found.push(itemAt(sent));
      break;
    }
  }
  return found;
}

/** Returns committed messages that no ok operation read, although one read a message at their place or beyond. */
export function lostWrites(
  operations: KafkaOperations,
  orders: readonly KeyOrder[],
  reads: Reads,
): readonly LostWrite[] {
  const found: LostWrite[] = [];
  orders.forEach((order, key) => {
    const readers = reads.okReader[key] as Int32Array;
    const writers = reads.writer[key] as Int32Array;
    let bound = -1;
    let maxRead = -1;
    for (let value = 0; value < readers.length; value++) {
      if (present(readers[value]) >= 0 && present(order.firstIndex[value]) > bound) {
        bound = present(order.firstIndex[value]);
        maxRead = present(readers[value]);
      }
    }
    const lost: LostWrite[] = [];
    for (let value = 0; value < readers.length; value++) {
      const index = present(order.lastIndex[value]);
      const writer = present(writers[value]);
      if (index < 0 || index > bound || present(readers[value]) >= 0 || writer < 0) continue;
      if (!isCommitted(operations, reads, writer)) continue;
      lost.push({ key, value, index, writer, maxReadIndex: bound, maxRead });
    }
    found.push(...lost.sort((a, b) => a.index - b.index));
  });
  return found;
}

/** Returns polled messages that no operation, finished or not, ever sent, without duplicates. */
export function garbageReads(operations: KafkaOperations, reads: Reads): readonly GarbageRead[] {
  const found: GarbageRead[] = [];
  const seen = new Set<string>();
  for (const item of itemsOf(operations, POLL)) {
    if ((reads.writer[item.key]?.[item.value] ?? -1) >= 0) continue;
    const name = `${item.key} ${item.value}`;
    if (seen.has(name)) continue;
    seen.add(name);
    found.push({ key: item.key, value: item.value, row: item.row });
  }
  return found;
}

interface Item {
  row: number;
  key: number;
  value: number;
}

/** Yields every item of a kind, in order. Reuses the yielded object. */
function* itemsOf(operations: KafkaOperations, kind: number): Generator<Item> {
  const item: Item = { row: 0, key: 0, value: 0 };
  for (let row = 0; row < operations.rowCount; row++) {
    const end = present(operations.firstItem.values[row + 1]);
    for (let i = present(operations.firstItem.values[row]); i < end; i++) {
      if (operations.itemKind.values[i] !== kind) continue;
      item.row = row;
      item.key = present(operations.itemKey.values[i]);
      item.value = present(operations.itemValue.values[i]);
      yield item;
    }
  }
}
