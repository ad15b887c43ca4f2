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

/** The last value of a key that a process polled or sent, and the operation's row. */
interface LastMet {
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
  const lastPolls = new LastOfProcesses(orders);
  const lastSends = new LastOfProcesses(orders);

  for (let row = 0; row < operations.rowCount; row++) {
    const outcome = present(operations.outcome.values[row]);
    const process = present(operations.process.values[row]);
    if (operations.role.values[row] !== TRANSFER) {
      if (outcome === FAIL) continue;
      const kept = new Set(operations.keysOf(row));
      lastPolls.keepOnly(process, kept);
      lastSends.keepOnly(process, kept);
      continue;
    }
    compareWithin(row);
    for (const error of lastPolls.compare(process, row, polled, outcome === OK))
      (error.delta > 1 ? found.pollSkip : found.nonmonotonicPoll).push(error);
    // A skip between two sends is no error: other clients send in between.
    if (outcome !== FAIL)
      for (const error of lastSends.compare(process, row, sent, true))
        if (error.delta < 1) found.nonmonotonicSend.push(error);
    polled.clear();
    sent.clear();
  }
  return found;

  function compareWithin(row: number): void {
    const end = present(operations.firstItem.values[row + 1]);
    for (let item = present(operations.firstItem.values[row]); item < end; item++) {
      const key = present(operations.itemKey.values[item]);
      const value = present(operations.itemValue.values[item]);
      const isPoll = operations.itemKind.values[item] === POLL;
      const before = (isPoll ? polled : sent).add(key, value);
      if (before < 0) continue;
      const delta = deltaOf(present(orders[key]), before, value);
      if (delta === 1 || (isPoll && operations.wasRebalanced(row, key))) continue;
      const error = { key, row, values: [before, value] as const, delta };
      if (delta > 1) (isPoll ? found.intPollSkip : found.intSendSkip).push(error);
      else (isPoll ? found.intNonmonotonicPoll : found.intNonmonotonicSend).push(error);
    }
  }
}

/**
 * The last value of each process and key: of polls, those of ok operations; of sends, those of operations not known to
 * have failed.
 */
class LastOfProcesses {
  private readonly processes = new Map<number, Map<number, LastMet>>();

  constructor(private readonly orders: readonly KeyOrder[]) {}

  /** Returns where an operation does not go on by one; if `isKept`, its own values are then the last. */
  compare(process: number, row: number, touched: Touched, isKept: boolean): readonly ExternalOrderError[] {
    const errors: ExternalOrderError[] = [];
    if (touched.keys.length === 0) return errors;
    const lasts = this.processes.get(process) ?? new Map<number, LastMet>();
    this.processes.set(process, lasts);
    for (const key of touched.keys) {
      const last = lasts.get(key);
      const first = touched.firstOf(key);
      if (last !== undefined) {
        const delta = deltaOf(present(this.orders[key]), last.value, first);
        if (delta !== 1) errors.push({ key, row, before: last.row, values: [last.value, first], delta });
      }
      if (!isKept) continue;
      if (last === undefined) lasts.set(key, { row, value: touched.lastOf(key) });
      else {
        last.row = row;
        last.value = touched.lastOf(key);
      }
    }
    return errors;
  }

  /** Forgets the other keys of a process. */
  keepOnly(process: number, kept: ReadonlySet<number>): void {
    const lasts = this.processes.get(process);
    for (const key of lasts?.keys() ?? []) if (!kept.has(key)) lasts?.delete(key);
  }
}

/** Returns the values strictly between two values of a key, in log order. */
export function valuesBetween(order: KeyOrder, from: number, to: number): readonly number[] {
  return Array.from(order.byIndex.subarray(present(order.indexOf[from]) + 1, present(order.indexOf[to])));
}
