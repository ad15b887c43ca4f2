/**
 * The commit orders that reads force: T2 before T1 if T3 reads x from T1 although it has seen T2, which writes x.
 * Covers read committed and read atomic, where T3 has seen what it reads from directly; `causal-orders.ts` covers the
 * rest.
 *
 * For each transaction that was seen, either its written keys or the reader's read keys are traversed, whichever are
 * fewer. So n transactions of bounded size take time linear in n, and at most n to the power of 1.5 in general (AWDIT,
 * 2025).
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import { OUTCOME } from '../elle/transactions/transaction-log.ts';
import { INITIAL, Edges, type VisibleHistory } from './visible-history.ts';

export interface Forced {
  /** Edges from T2 to T1, each labelled with the read. */
  readonly edges: Edges;
  /** Reads of the initial state by transactions that have seen a write of the key; at most MISSED_KEPT. */
  readonly missed: MissedWrite[];
}

export interface MissedWrite {
  readonly read: number;
  readonly writer: number;
}

/** Maximum number of missed writes listed in a result. */
const MISSED_KEPT = 32;

export const nothingForced = (): Forced => ({ edges: new Edges(), missed: [] });

/** Records the order that follows from a read whose transaction has seen `seen`, which writes the key. */
export function force({ edges, missed }: Forced, history: VisibleHistory, read: number, seen: number): void {
  const from = present(history.readFrom.values[read]);
  if (from === seen) return;
  if (from !== INITIAL) edges.add(seen, from, read);
  else if (missed.length < MISSED_KEPT) missed.push({ read, writer: seen });
}

/** Returns the orders forced within each transaction by its earlier reads on its later reads. */
export function forcedByEarlierReads(history: VisibleHistory, meter: Meter): Forced {
  const forced = nothingForced();
  const { readStarts, readKeys, readFrom, writeStarts, writeKeys, log } = history;
  /** Indexed by key: the next read of it in the current transaction. */
  const nextReads = new Int32Array(history.keys);
  const nextReader = new Int32Array(history.keys).fill(-1);
  const writes = new WrittenKeys(history);
  const firstReadFrom = new Int32Array(log.count).fill(-1);
  for (let t = 0; t < log.count; t++) {
    const start = present(readStarts[t]);
    const end = present(readStarts[t + 1]);
    if (end - start < 2) continue;
    for (let read = end - 1; read >= start; read--) {
      const from = present(readFrom.values[read]);
      if (from !== INITIAL) firstReadFrom[from] = read;
    }
    for (let read = end - 1; read >= start; read--) {
      const from = present(readFrom.values[read]);
      const key = present(readKeys.values[read]);
      if (from !== INITIAL) {
        // Later reads of the same key follow from this one.
        if (nextReader[key] === t) force(forced, history, present(nextReads[key]), from);
        if (firstReadFrom[from] === read) {
          const firstWrite = present(writeStarts[from]);
          const lastWrite = present(writeStarts[from + 1]);
          if (lastWrite - firstWrite <= end - read) {
            meter.step(lastWrite - firstWrite);
            for (let write = firstWrite; write < lastWrite; write++) {
              const written = present(writeKeys.values[write]);
              if (nextReader[written] === t) force(forced, history, present(nextReads[written]), from);
            }
          } else {
            meter.step(end - read);
            for (let later = read + 1; later < end; later++) {
              if (writes.has(from, present(readKeys.values[later]))) force(forced, history, later, from);
            }
          }
        }
      }
      nextReads[key] = read;
      nextReader[key] = t;
    }
  }
  return forced;
}

/**
 * Returns the orders forced on each of a transaction's reads by everything it reads from and, with `previous`, by
 * everything earlier in its session. Of several reads of a key the first counts: if they differ, the transaction is
 * inconsistent by itself.
 */
export function forcedByAnyRead(
  history: VisibleHistory,
  previous: Int32Array | undefined,
  meter: Meter,
): Forced {
  const forced = nothingForced();
  const { readStarts, readKeys, readFrom, writeStarts, writeKeys, log } = history;
  const firstReads = new Int32Array(history.keys);
  const firstReader = new Int32Array(history.keys).fill(-1);
  const lookedAt = new Int32Array(log.count).fill(-1);
  const writes = new WrittenKeys(history);
  for (let t = 0; t < log.count; t++) {
    const start = present(readStarts[t]);
    const end = present(readStarts[t + 1]);
    if (end - start < 2) continue;
    for (let read = start; read < end; read++) {
      const key = present(readKeys.values[read]);
      if (firstReader[key] === t) continue;
      firstReader[key] = t;
      firstReads[key] = read;
    }
    for (let read = start; read < end; read++) {
      const from = present(readFrom.values[read]);
      if (from === INITIAL || lookedAt[from] === t) continue;
      lookedAt[from] = t;
      const firstWrite = present(writeStarts[from]);
      const lastWrite = present(writeStarts[from + 1]);
      if (lastWrite - firstWrite <= end - start) {
        meter.step(lastWrite - firstWrite);
        for (let write = firstWrite; write < lastWrite; write++) {
          const written = present(writeKeys.values[write]);
          if (firstReader[written] === t) force(forced, history, present(firstReads[written]), from);
        }
      } else {
        meter.step(end - start);
        for (let other = start; other < end; other++) {
          const key = present(readKeys.values[other]);
          if (firstReads[key] === other && writes.has(from, key)) force(forced, history, other, from);
        }
      }
    }
  }
  if (previous !== undefined) forceBySessions(forced, history, previous, meter);
  return forced;
}

/**
 * Forces orders by session: of all writes of a key before a read in its session only the last matters, since the others
 * precede it.
 */
function forceBySessions(forced: Forced, history: VisibleHistory, previous: Int32Array, meter: Meter): void {
  const { readStarts, readKeys, writeStarts, writeKeys, log } = history;
  const { order, sessionOf } = bySession(history, previous);
  const lastWriters = new Int32Array(history.keys);
  const writersSession = new Int32Array(history.keys).fill(-1);
  const firstReader = new Int32Array(history.keys).fill(-1);
  for (const t of order) {
    const session = present(sessionOf[t]);
    const end = present(readStarts[t + 1]);
    meter.step(end - present(readStarts[t]) + 1);
    for (let read = present(readStarts[t]); read < end; read++) {
      const key = present(readKeys.values[read]);
      if (firstReader[key] === t) continue;
      firstReader[key] = t;
      if (writersSession[key] === session) force(forced, history, read, present(lastWriters[key]));
    }
    // A crashed transaction may have taken effect at any time.
    if (log.outcomes.values[t] !== OUTCOME.ok) continue;
    for (let write = present(writeStarts[t]); write < present(writeStarts[t + 1]); write++) {
      const key = present(writeKeys.values[write]);
      writersSession[key] = session;
      lastWriters[key] = t;
    }
  }
}

/** Returns the transactions that count, session by session, each session in order. */
function bySession(
  { log, counts }: VisibleHistory,
  previous: Int32Array,
): { readonly order: Int32Array; readonly sessionOf: Int32Array } {
  const sessionOf = new Int32Array(log.count).fill(-1);
  const sizes: number[] = [];
  for (let t = 0; t < log.count; t++) {
    if (counts[t] !== 1) continue;
    const before = present(previous[t]);
    const session = before < 0 ? sizes.push(0) - 1 : present(sessionOf[before]);
    sessionOf[t] = session;
    sizes[session] = (sizes[session] ?? 0) + 1;
  }
  const places = new Int32Array(sizes.length);
  let total = 0;
  sizes.forEach((size, session) => {
    places[session] = total;
    total += size;
  });
  const order = new Int32Array(total);
  for (let t = 0; t < log.count; t++) {
    const session = present(sessionOf[t]);
    if (session < 0) continue;
    const place = present(places[session]);
    places[session] = place + 1;
    order[place] = t;
  }
  return { order, sessionOf };
}

/** Up to this number of written keys, a transaction's keys are searched linearly. */
const FEW_KEYS = 16;

/** Whether a transaction writes a key. Long key lists are sorted when first needed. */
class WrittenKeys {
  readonly #sorted = new Map<number, Int32Array>();

  constructor(private readonly history: VisibleHistory) {}

  has(t: number, key: number): boolean {
    const { writeStarts, writeKeys } = this.history;
    const start = present(writeStarts[t]);
    const end = present(writeStarts[t + 1]);
    if (end - start <= FEW_KEYS) {
      for (let write = start; write < end; write++) if (writeKeys.values[write] === key) return true;
      return false;
    }
    let keys = this.#sorted.get(t);
    if (keys === undefined) {
      keys = writeKeys.values.slice(start, end).sort();
      this.#sorted.set(t, keys);
    }
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (present(keys[middle]) < key) low = middle + 1;
      else high = middle;
    }
    return keys[low] === key;
  }
}
