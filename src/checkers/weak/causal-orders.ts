/**
 * The commit orders that causal consistency forces: T2 before T1 if T3 reads x from T1 and follows T2, which writes x,
 * by any number of steps of session order and reads-from. In O(n * k) for n transactions in k sessions, as AWDIT does
 * it.
 *
 * Transactions are processed causes first. The causes of each are a vector clock: how much of every chain it has seen.
 * A chain is a session. When a session is over, a new session that has seen all of it continues its chain, so that
 * clients that crash and return under new numbers do not lengthen the clocks. A transaction's clock is kept only until
 * the last transaction has read from it.
 *
 *     chain 0   T0  T3  T6           clock of T7: 2 of chain 0, 3 of chain 1
 *     chain 1   T1  T4  T5
 *
 * The writers of a key in one chain are linked backwards from the last, with a second link that skips (Myers, "An
 * applicative random-access stack", 1983), so that the last writer that a clock covers is found in logarithmic time.
 */
import { present } from '../../columns/present.ts';
import { Int32Column, lengthened } from '../../columns/column.ts';
import { BudgetExhausted, type Meter } from '../budget/meter.ts';
import { OUTCOME } from '../elle/transactions/transaction-log.ts';
import { force, nothingForced, type Forced } from './forced-orders.ts';
import { INITIAL, type VisibleHistory } from './visible-history.ts';

const NONE = -1;
/** Number of a session's first transactions that look for a chain to continue. */
const CHAIN_TRIES = 8;
/** Maximum number of finished chains examined for it. */
const CHAINS_TRIED = 64;

/** 1 GiB of clocks, and as much again while they grow. */
const MOST_ENTRIES = 2 ** 28;

/**
 * Returns the forced orders; undefined if some transaction is its own cause. Throws `BudgetExhausted` also if the clocks
 * have more than `mostEntries` of four bytes, since too many transactions have not seen each other.
 */
export function forcedByCauses(
  history: VisibleHistory,
  previous: Int32Array,
  meter: Meter,
  mostEntries = MOST_ENTRIES,
): Forced | undefined {
  const order = causesFirst(history, previous, meter);
  if (order === undefined) return undefined;
  const forced = nothingForced();
  const { readStarts, readKeys, readFrom, writeStarts, writeKeys, log } = history;
  const firstReader = new Int32Array(history.keys).fill(NONE);
  const clocks = new Clocks(usesOf(history, previous), mostEntries);
  const writers = new WritersByChain(history.keys);
  const chains = new Chains(history, previous);
  for (const t of order) {
    const before = present(previous[t]);
    const start = present(readStarts[t]);
    const end = present(readStarts[t + 1]);
    meter.step(clocks.begin().length * (1 + end - start));
    if (before !== NONE) clocks.join(before, chains);
    for (let read = start; read < end; read++) {
      const from = present(readFrom.values[read]);
      if (from !== INITIAL) clocks.join(from, chains);
    }
    for (let read = start; read < end; read++) {
      const key = present(readKeys.values[read]);
      // If several reads of a key differ, the transaction is inconsistent by itself.
      if (firstReader[key] === t) continue;
      firstReader[key] = t;
      const from = present(readFrom.values[read]);
      meter.step(2 + writers.force(forced, history, { read, from }, clocks, chains));
    }
    if (before !== NONE) clocks.used(before);
    for (let read = start; read < end; read++) {
      const from = present(readFrom.values[read]);
      if (from !== INITIAL) clocks.used(from);
    }
    chains.place(t, before, clocks);
    clocks.keep(t);
    for (let write = present(writeStarts[t]); write < present(writeStarts[t + 1]); write++)
      meter.step(writers.add(present(writeKeys.values[write]), t, chains));
    if (log.outcomes.values[t] !== OUTCOME.ok || !chains.goesOn(t)) chains.release(t);
  }
  return forced;
}

/**
 * Returns how often each clock is needed: once per read from it, and once per transaction that follows it in its
 * session.
 */
function usesOf({ readFrom, log }: VisibleHistory, previous: Int32Array): Int32Array {
  const uses = new Int32Array(log.count);
  const count = (t: number): void => {
    if (t >= 0) uses[t] = present(uses[t]) + 1;
  };
  for (let read = 0; read < readFrom.length; read++) count(present(readFrom.values[read]));
  for (let t = 0; t < previous.length; t++) count(present(previous[t]));
  return uses;
}

/**
 * Returns the transactions that count, each after those that it follows or reads from; undefined if they form a cycle.
 */
export function causesFirst(
  { log, counts, readStarts, readFrom }: VisibleHistory,
  previous: Int32Array,
  meter: Meter,
): Int32Array | undefined {
  const order = new Int32Column(Math.max(8, log.count));
  const [UNSEEN, OPEN, DONE] = [0, 1, 2];
  const states = new Uint8Array(log.count);
  const waiting = new Int32Column();
  /** The next cause of each waiting transaction: 0 is its predecessor in the session, then its reads. */
  const cursors = new Int32Column();
  for (let root = 0; root < log.count; root++) {
    if (counts[root] !== 1 || states[root] !== UNSEEN) continue;
    states[root] = OPEN;
    waiting.push(root);
    cursors.push(0);
    while (waiting.length > 0) {
      const top = waiting.length - 1;
      const t = present(waiting.values[top]);
      const start = present(readStarts[t]);
      const causes = 1 + present(readStarts[t + 1]) - start;
      let cursor = present(cursors.values[top]);
      let next = NONE;
      while (cursor < causes && next === NONE) {
        const cause = cursor === 0 ? present(previous[t]) : present(readFrom.values[start + cursor - 1]);
        cursor++;
        if (cause < 0 || states[cause] === DONE) continue;
        if (states[cause] === OPEN) return undefined;
        next = cause;
      }
      meter.step(1);
      cursors.values[top] = cursor;
      if (next === NONE) {
        states[t] = DONE;
        order.push(t);
        waiting.length = cursors.length = top;
      } else {
        states[next] = OPEN;
        waiting.push(next);
        cursors.push(0);
      }
    }
  }
  return order.values.subarray(0, order.length);
}

/** Vector clocks: how much of every chain each transaction has seen, for transactions still needed. */
class Clocks {
  /** The clock of the current transaction. */
  now = new Int32Array(8);
  readonly #uses: Int32Array;
  readonly #slots: Int32Array;
  readonly #free: number[] = [];
  #data = new Int32Array(0);
  #slotCount = 0;

  constructor(
    uses: Int32Array,
    private readonly mostEntries: number,
  ) {
    this.#uses = uses;
    this.#slots = new Int32Array(uses.length).fill(NONE);
  }

  begin(): Int32Array {
    return this.now.fill(0);
  }

  /** Joins in the clock of a transaction, including the transaction itself. */
  join(t: number, { chainOf, positionOf }: Chains): void {
    const { now } = this;
    const chain = present(chainOf[t]);
    const position = present(positionOf[t]);
    if (present(now[chain]) >= position) return;
    const stride = now.length;
    const data = this.#data;
    for (let each = 0, at = present(this.#slots[t]) * stride; each < stride; each++, at++) {
      const seen = present(data[at]);
      if (seen > present(now[each])) now[each] = seen;
    }
    now[chain] = position;
  }

  /** Returns how much of a chain a kept transaction has seen. */
  of(t: number, chain: number): number {
    return present(this.#data[present(this.#slots[t]) * this.now.length + chain]);
  }

  keep(t: number): void {
    if (this.#uses[t] === 0) return;
    const slot = this.#free.pop() ?? this.#slotCount++;
    const end = this.#slotCount * this.now.length;
    if (end > this.mostEntries) throw this.#tooMany();
    if (end > this.#data.length)
      this.#data = lengthened(this.#data, Math.max(end, Math.min(this.#data.length * 2, this.mostEntries)));
    this.#slots[t] = slot;
    this.#data.set(this.now, slot * this.now.length);
  }

  used(t: number): void {
    const left = present(this.#uses[t]) - 1;
    this.#uses[t] = left;
    if (left === 0) this.#free.push(present(this.#slots[t]));
  }

  #tooMany(): BudgetExhausted {
    const size = (this.mostEntries * 4) / 2 ** 20;
    return new BudgetExhausted(
      `following causes, as what each transaction has seen takes more than ${size} MiB`,
    );
  }

  /** Makes room for more chains. */
  widen(chains: number): void {
    const before = this.now.length;
    if (chains <= before) return;
    const most = Math.floor(this.mostEntries / Math.max(1, this.#slotCount));
    const stride = Math.max(chains, Math.min(before * 2, most));
    if (stride > most) throw this.#tooMany();
    const data = new Int32Array(this.#slotCount * stride);
    for (let slot = 0; slot < this.#slotCount; slot++)
      data.set(this.#data.subarray(slot * before, (slot + 1) * before), slot * stride);
    this.#data = data;
    this.now = lengthened(this.now, stride);
  }
}

/** The chain of each transaction, and its position there, from 1. */
class Chains {
  readonly chainOf: Int32Array;
  readonly positionOf: Int32Array;
  readonly #lengths: number[] = [];
  readonly #lasts: number[] = [];
  /** Chains whose session is over. */
  readonly #free: number[] = [];
  readonly #hasNext: Uint8Array;
  /** Indexed by transaction: its index among the first of its session, capped at CHAIN_TRIES. */
  readonly #ages: Uint8Array;

  constructor({ log }: VisibleHistory, previous: Int32Array) {
    this.chainOf = new Int32Array(log.count);
    this.positionOf = new Int32Array(log.count);
    this.#ages = new Uint8Array(log.count);
    this.#hasNext = new Uint8Array(log.count);
    for (let t = 0; t < previous.length; t++) {
      const before = present(previous[t]);
      if (before >= 0 && log.outcomes.values[t] === OUTCOME.ok) this.#hasNext[before] = 1;
    }
  }

  /** Whether its session continues after it. */
  goesOn(t: number): boolean {
    return this.#hasNext[t] === 1;
  }

  /**
   * Places a transaction: after its predecessor in the session, or at the end of a chain that it has seen completely.
   */
  place(t: number, before: number, clocks: Clocks): void {
    const own = before === NONE ? NONE : present(this.chainOf[before]);
    const extendsOwn = own !== NONE && this.#lasts[own] === before;
    const age = before === NONE ? 0 : Math.min(CHAIN_TRIES, present(this.#ages[before]) + 1);
    this.#ages[t] = age;
    let chain = extendsOwn ? own : NONE;
    if (age < CHAIN_TRIES && this.#free.length > 0) {
      const found = this.#findSeen(clocks.now);
      if (found !== NONE) {
        if (extendsOwn) this.#free.push(own);
        chain = found;
      }
    }
    if (chain === NONE) {
      chain = this.#lengths.push(0) - 1;
      clocks.widen(this.#lengths.length);
    }
    const position = present(this.#lengths[chain]) + 1;
    this.#lengths[chain] = position;
    this.#lasts[chain] = t;
    this.chainOf[t] = chain;
    this.positionOf[t] = position;
  }

  #findSeen(clock: Int32Array): number {
    const free = this.#free;
    for (let at = free.length - 1; at >= Math.max(0, free.length - CHAINS_TRIED); at--) {
      const chain = present(free[at]);
      if (present(clock[chain]) < present(this.#lengths[chain])) continue;
      free[at] = present(free.at(-1));
      free.pop();
      return chain;
    }
    return NONE;
  }

  /** Frees the chain of a transaction whose session is over. */
  release(t: number): void {
    const chain = present(this.chainOf[t]);
    if (this.#lasts[chain] === t) this.#free.push(chain);
  }
}

/** The writers of each key, with those in one chain linked backwards from the last. */
class WritersByChain {
  /** Indexed by key: its first entry. An entry is a chain in which the key is written. */
  readonly #firstEntries: Int32Array;
  readonly #nextEntries = new Int32Column();
  readonly #entryChains = new Int32Column();
  /** Indexed by entry: the last write. */
  readonly #lastWrites = new Int32Column();
  readonly #transactions = new Int32Column();
  readonly #positions = new Int32Column();
  readonly #before = new Int32Column();
  readonly #farBefore = new Int32Column();
  /** Number of writes before each. */
  readonly #depths = new Int32Column();

  constructor(keys: number) {
    this.#firstEntries = new Int32Array(keys).fill(NONE);
  }

  /** Adds a write. Returns the number of steps. */
  add(key: number, t: number, { chainOf, positionOf }: Chains): number {
    const chain = present(chainOf[t]);
    let steps = 1;
    let entry = present(this.#firstEntries[key]);
    while (entry !== NONE && this.#entryChains.values[entry] !== chain) {
      entry = present(this.#nextEntries.values[entry]);
      steps++;
    }
    if (entry === NONE) {
      entry = this.#entryChains.push(chain);
      this.#nextEntries.push(present(this.#firstEntries[key]));
      this.#lastWrites.push(NONE);
      this.#firstEntries[key] = entry;
    }
    const before = present(this.#lastWrites.values[entry]);
    this.#transactions.push(t);
    this.#positions.push(present(positionOf[t]));
    this.#before.push(before);
    this.#depths.push(before === NONE ? 0 : this.#depths.at(before) + 1);
    this.#farBefore.push(this.#skip(before));
    this.#lastWrites.values[entry] = this.#transactions.length - 1;
    return steps;
  }

  #skip(before: number): number {
    if (before === NONE) return NONE;
    const far = this.#farBefore.at(before);
    if (far === NONE) return before;
    const farther = this.#farBefore.at(far);
    if (farther === NONE) return before;
    const isEven =
      this.#depths.at(before) - this.#depths.at(far) === this.#depths.at(far) - this.#depths.at(farther);
    return isEven ? farther : before;
  }

  /** Forces the last seen writers of its key before the writer that a read is from. Returns the number of steps. */
  force(
    forced: Forced,
    history: VisibleHistory,
    { read, from }: { readonly read: number; readonly from: number },
    clocks: Clocks,
    { chainOf, positionOf }: Chains,
  ): number {
    const { now } = clocks;
    const fromChain = from === INITIAL ? NONE : present(chainOf[from]);
    let steps = 0;
    let entry = present(this.#firstEntries[present(history.readKeys.values[read])]);
    for (; entry !== NONE; entry = present(this.#nextEntries.values[entry])) {
      steps++;
      const chain = present(this.#entryChains.values[entry]);
      const seen = present(now[chain]);
      if (seen === 0) continue;
      // Whatever the writer had itself seen precedes it anyway.
      const known =
        chain === fromChain ? present(positionOf[from]) : from === INITIAL ? 0 : clocks.of(from, chain);
      if (seen <= known) continue;
      let write = present(this.#lastWrites.values[entry]);
      while (write !== NONE && present(this.#positions.values[write]) > seen) {
        const far = present(this.#farBefore.values[write]);
        write =
          far !== NONE && present(this.#positions.values[far]) > seen
            ? far
            : present(this.#before.values[write]);
        steps++;
      }
      if (write === NONE || present(this.#positions.values[write]) <= known) continue;
      force(forced, history, read, present(this.#transactions.values[write]));
    }
    return steps;
  }
}
