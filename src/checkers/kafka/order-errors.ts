/**
 * Messages that a client met in the wrong order: skipped, repeated, or going back.
 *
 *     the log of k:      a  b  c  d          int-poll-skip          one poll returned a and then d
 *                                            nonmonotonic-poll      a poll ended with c, the next one began with b
 *     offsets of sends:  must grow too:      nonmonotonic-send, int-nonmonotonic-send, int-send-skip
 *
 * Within one operation (`int-...`) consecutive values are compared; across operations of a process, the last value of
 * the previous one with the first of this one. Within a poll, a log that was rebalanced meanwhile may go anywhere. An
 * assign or subscribe starts over for all keys it does not name.
 */
import { present } from '../../columns/present.ts';
import { FAIL, OK, POLL, TRANSFER, type KafkaOperations } from './operations.ts';
import { deltaOf, type KeyOrder } from './version-orders.ts';

export interface InternalOrderError {
  readonly key: number;
  readonly row: number;
  readonly values: readonly [number, number];
  readonly delta: number;
}

export interface ExternalOrderError extends InternalOrderError {
  /** The earlier operation. */
  readonly before: number;
}

export interface OrderErrors {
  readonly intPollSkip: readonly InternalOrderError[];
  readonly intNonmonotonicPoll: readonly InternalOrderError[];
  readonly intSendSkip: readonly InternalOrderError[];
  readonly intNonmonotonicSend: readonly InternalOrderError[];
  readonly pollSkip: readonly ExternalOrderError[];
  readonly nonmonotonicPoll: readonly ExternalOrderError[];
  readonly nonmonotonicSend: readonly ExternalOrderError[];
}

interface RowAndValue {
  row: number;
  value: number;
}

/**
 * The keys that a row touched by sends or by polls, with the first and last value of each, collected in one walk over
 * its items.
 */
class Touched {
  readonly keys: number[] = [];
  private readonly first: Int32Array;
  private readonly last: Int32Array;

  constructor(keyCount: number) {
    this.first = new Int32Array(keyCount).fill(-1);
    this.last = new Int32Array(keyCount).fill(-1);
  }

  /** Adds a value. Returns the previous one of the same key, or -1. */
  add(key: number, value: number): number {
    const before = present(this.last[key]);
    if (before < 0) {
      this.keys.push(key);
      this.first[key] = value;
    }
    this.last[key] = value;
    return before;
  }

  firstOf(key: number): number {
    return present(this.first[key]);
  }

  lastOf(key: number): number {
    return present(this.last[key]);
  }

  clear(): void {
    for (const key of this.keys) {
      this.first[key] = -1;
      this.last[key] = -1;
    }
    this.keys.length = 0;
  }
}

export function findOrderErrors(operations: KafkaOperations, orders: readonly KeyOrder[]): OrderErrors {
  const found = {
    intPollSkip: [] as InternalOrderError[],
    intNonmonotonicPoll: [] as InternalOrderError[],
    intSendSkip: [] as InternalOrderError[],
    intNonmonotonicSend: [] as InternalOrderError[],
    pollSkip: [] as ExternalOrderError[],
    nonmonotonicPoll: [] as ExternalOrderError[],
    nonmonotonicSend: [] as ExternalOrderError[],
  };
  const polled = new Touched(operations.keyCount);
  const sent = new Touched(operations.keyCount);
  /**
   * Indexed by process, then by key: the last value polled by an ok operation, and the last sent by one not known to
   * have failed.
   */
  const lastPolls = new Map<number, Map<number, RowAndValue>>();
  const lastSends = new Map<number, Map<number, RowAndValue>>();

  for (let row = 0; row < operations.rowCount; row++) {
    const outcome = present(operations.outcome.values[row]);
    const process = present(operations.process.values[row]);
    if (operations.role.values[row] !== TRANSFER) {
      if (outcome !== FAIL) {
        const kept = operations.keysOf(row);
        keepOnly(lastPolls.get(process), kept);
        keepOnly(lastSends.get(process), kept);
      }
      continue;
    }
    const end = present(operations.firstItem.values[row + 1]);
    for (let item = present(operations.firstItem.values[row]); item < end; item++) {
      const key = present(operations.itemKey.values[item]);
      const value = present(operations.itemValue.values[item]);
      const isPoll = operations.itemKind.values[item] === POLL;
      const before = (isPoll ? polled : sent).add(key, value);
      if (before < 0) continue;
      const delta = deltaOf(orders[key] as KeyOrder, before, value);
      if (delta === 1 || (isPoll && operations.wasRebalanced(row, key))) continue;
      const error = { key, row, values: [before, value] as const, delta };
      if (delta > 1) (isPoll ? found.intPollSkip : found.intSendSkip).push(error);
      else (isPoll ? found.intNonmonotonicPoll : found.intNonmonotonicSend).push(error);
    }
    if (polled.keys.length > 0) {
      const places = placesOf(lastPolls, process);
      for (const key of polled.keys) {
        const before = places.get(key);
        if (before !== undefined) {
          const delta = deltaOf(orders[key] as KeyOrder, before.value, polled.firstOf(key));
          const error = {
            key,
            row,
            before: before.row,
            values: [before.value, polled.firstOf(key)] as const,
            delta,
          };
          if (delta > 1) found.pollSkip.push(error);
          if (delta < 1) found.nonmonotonicPoll.push(error);
        }
        if (outcome === OK) remember(places, key, row, polled.lastOf(key));
      }
      polled.clear();
    }
    if (sent.keys.length > 0) {
      if (outcome !== FAIL) {
        const places = placesOf(lastSends, process);
        for (const key of sent.keys) {
          const before = places.get(key);
          if (before !== undefined) {
            const delta = deltaOf(orders[key] as KeyOrder, before.value, sent.firstOf(key));
            if (delta < 1)
              found.nonmonotonicSend.push({
                key,
                row,
                before: before.row,
                values: [before.value, sent.firstOf(key)],
                delta,
              });
          }
          remember(places, key, row, sent.lastOf(key));
        }
      }
      sent.clear();
    }
  }
  return found;
}

function placesOf(table: Map<number, Map<number, RowAndValue>>, process: number): Map<number, RowAndValue> {
  let places = table.get(process);
  if (places === undefined) {
    places = new Map();
    table.set(process, places);
  }
  return places;
}

function remember(places: Map<number, RowAndValue>, key: number, row: number, value: number): void {
  const place = places.get(key);
  if (place === undefined) places.set(key, { row, value });
  else {
    place.row = row;
    place.value = value;
  }
}

function keepOnly(places: Map<number, RowAndValue> | undefined, kept: readonly number[]): void {
  if (places === undefined) return;
  const keep = new Set(kept);
  for (const key of places.keys()) if (!keep.has(key)) places.delete(key);
}

/** Returns the values strictly between two values of a key, in log order. */
export function valuesBetween(order: KeyOrder, from: number, to: number): readonly number[] {
  return Array.from(order.byIndex.subarray(present(order.indexOf[from]) + 1, present(order.indexOf[to])));
}
