/**
 * Speed of checking list-append and rw-register histories.
 *
 *     NODE_FLAGS=--expose-gc node bench/run.mjs elle [list-append|rw-register] [transactions] [share of stale reads] [linearizable]
 *
 * The history streams in: 10 processes on a serializable store that answers in realtime order, transactions of 1 to 4
 * micro-operations over 10 keys at a time (the lower half as often as the next), 16 writes per key. `observe` takes
 * parsed operations as they come; `result` is the remaining work at the end of the history, from columns alone.
 * `reading alone` is the cost of looking at each value of the same operations once, a lower bound for `observe`.
 */
import { ListAppendChecker } from '../src/checkers/elle/list-append/list-append.ts';
import { RwRegisterChecker } from '../src/checkers/elle/rw-register/rw-register.ts';
import type { Json } from '../src/protocol/json.ts';
import type { TransactionOp } from '../src/checkers/elle/transactions/transaction-log.ts';

const PROCESSES = 10;
const KEYS = 10;
const WRITES_PER_KEY = 16;
const LONGEST = 4;
/** Number of operations made and then observed at a time: a history streams in, and is not held in memory. */
const PIECE = 10_000;

/** Returns a seeded generator of numbers in [0, 1): xorshift. */
function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

type Mop = [string, number, unknown];

/** Yields a history of `transactions` transactions in pieces; a share of its reads shows an older state. */
function* makeHistory(
  kind: string,
  transactions: number,
  stale: number,
  seed = 7,
): Generator<readonly TransactionOp[]> {
  const next = random(seed);
  const write = kind === 'list-append' ? 'append' : 'w';
  const active = Array.from({ length: KEYS }, (_, key) => key);
  const written = new Map<number, number>();
  let lastKey = KEYS - 1;
  const store = new Map<number, number[]>();
  let ops: TransactionOp[] = [];
  let count = 0;
  const open: { process: number; mops: Mop[]; done: Mop[] | undefined }[] = [];
  const idle = Array.from({ length: PROCESSES }, (_, process) => process);
  const transaction = (): Mop[] =>
    Array.from({ length: 1 + Math.floor(next() * LONGEST) }, (): Mop => {
      let slot = 0;
      while (slot < KEYS - 1 && next() < 0.5) slot++;
      let key = active[slot] ?? 0;
      if (next() < 0.5) return ['r', key, null];
      let value = (written.get(key) ?? 0) + 1;
      if (value > WRITES_PER_KEY) {
        active[slot] = key = ++lastKey;
        value = 1;
      }
      written.set(key, value);
      return [write, key, value];
    });
  const commit = (mops: Mop[]): Mop[] =>
    mops.map(([f, key, value]): Mop => {
      const list = store.get(key) ?? [];
      if (f !== 'r') {
        store.set(key, [...list, value as number]);
        return [f, key, value];
      }
      const seen = stale > 0 && next() < stale ? list.slice(0, -1) : list;
      if (kind === 'list-append') return ['r', key, seen];
      return ['r', key, seen.at(-1) ?? null];
    });
  const push = (type: 'invoke' | 'ok', process: number, value: Mop[]): void => {
    // As if parsed: shares nothing with the store.
    const copy = JSON.parse(JSON.stringify(value)) as Json;
    ops.push({ index: count, time: count++ * 1000, type, process, f: 'txn', value: copy });
  };
  for (let started = 0; started < transactions || open.length > 0;) {
    if (ops.length >= PIECE) {
      yield ops;
      ops = [];
    }
    const dice = next();
    if (idle.length > 0 && started < transactions && dice < 0.4) {
      const [process] = idle.splice(Math.floor(next() * idle.length), 1);
      const mops = transaction();
      push('invoke', process ?? 0, mops);
      open.push({ process: process ?? 0, mops, done: undefined });
      started++;
    } else if (open.length > 0) {
      const at = Math.floor(next() * open.length);
      const one = open[at];
      if (one === undefined) continue;
      if (one.done === undefined) one.done = commit(one.mops);
      else {
        push('ok', one.process, one.done);
        open.splice(at, 1);
        idle.push(one.process);
      }
    }
  }
  yield ops;
}

/** Returns the CPU time of this process in ms, which other load on the machine does not affect. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Looks at each value of an operation. */
function read({ index, time, value }: TransactionOp): number {
  let sum = index + time;
  for (const [, key, argument] of value as [string, number, number | readonly number[] | null][]) {
    sum += key;
    if (typeof argument === 'number') sum += argument;
    else if (argument !== null) for (let at = 0; at < argument.length; at++) sum += argument[at] ?? 0;
  }
  return sum;
}

/** Returns the CPU time in ms for looking at each value of a history. */
function readingMs(kind: string, transactions: number, stale: number): number {
  let ms = 0;
  let sum = 0;
  for (const ops of makeHistory(kind, transactions, stale)) {
    const start = cpuMs();
    for (const op of ops) sum += read(op);
    ms += cpuMs() - start;
  }
  return sum === 0 ? NaN : ms; // using the sum keeps the reading from being optimised away
}

function measure(kind: string, transactions: number, stale: number, keys: string): void {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    const reading = readingMs(kind, transactions, stale);
    globalThis.gc?.();
    const before = process.memoryUsage();
    const checker =
      kind === 'list-append'
        ? new ListAppendChecker()
        : new RwRegisterChecker({ 'wfr-keys?': true, 'linearizable-keys?': keys === 'linearizable' });
    let observeMs = 0;
    // CPU time includes garbage collector threads that clean up after making the history; wall time does not.
    let wallMs = 0;
    for (const ops of makeHistory(kind, transactions, stale)) {
      const start = cpuMs();
      const wall = performance.now();
      for (const op of ops) checker.observe(op);
      wallMs += performance.now() - wall;
      observeMs += cpuMs() - start;
    }
    globalThis.gc?.();
    const columns = process.memoryUsage();
    const judging = cpuMs();
    const wall = performance.now();
    const result = checker.result();
    wallMs += performance.now() - wall;
    const end = cpuMs();
    const resultMs = end - judging;
    const bytes = columns.heapUsed + columns.arrayBuffers - before.heapUsed - before.arrayBuffers;
    const rate = (ms: number): string => `${Math.round(transactions / ms)}k/s`;
    console.log(
      `${kind} ${transactions} txns, ${stale} stale: observe ${observeMs.toFixed(0)} ms (${rate(observeMs)}; ` +
        `reading alone ${reading.toFixed(0)} ms), ` +
        `result ${resultMs.toFixed(0)} ms (${rate(resultMs)}), both ${rate(observeMs + resultMs)} ` +
        `(${rate(wallMs)} by the clock), ` +
        `${(bytes / transactions).toFixed(0)} bytes/txn; valid ${String(result['valid?'])}`,
      result['anomaly-types'] ?? [],
    );
  }
}

const [kind = 'list-append', transactions = '100000', stale = '0', keys = 'wfr'] = process.argv.slice(2);
measure(kind, Number(transactions), Number(stale), keys);
