/**
 * Transactions over a moving window of keys, after Elle's generator. A few keys are active at a time, some much more
 * often used than others. Every write to a key has a distinct value, and a key that has had all its writes is replaced
 * by a fresh one. The number of writes per key is drawn from a Zipf distribution: most keys get few, some get many.
 *
 * At the end all written keys are read at each node, so that a store that has lost its last writes is caught.
 */
import { upperBound } from '../../columns/lower-bound.ts';
import { repeatedly, unfold, type OpTemplate } from '../../generator/operations.ts';
import { timeLimit } from '../../generator/pacing.ts';
import { eachThread } from '../../generator/threads.ts';
import type { Generator } from '../../generator/generator.ts';
import type { Random } from '../../world/random.ts';

export interface TxnOptions {
  /** The name of writes: `append` or `w`. */
  readonly write: string;
  /** The number of active keys. Default: 10. */
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
}

export type MicroOp = readonly [f: string, key: number, value: number | null];

const DEFAULT_KEY_COUNT = 10;
/** Maximum number of writes per key, even if more are allowed: the distribution needs a table of this size. */
const MOST_WRITES = 100_000;
/** Maximum duration of the reads at the end. */
const FINAL_SECONDS = 20;

/** Makes transactions. It counts its writes, so each run needs its own instance. */
export class TxnMaker {
  private readonly active: number[];
  private readonly nextValue = new Map<number, number>();
  /** The number of writes that each active key gets, once it has had its first. */
  private readonly shares = new Map<number, number>();
  private highestKey: number;
  private readonly drawShare: (random: Random) => number;

  constructor(private readonly options: TxnOptions) {
    const count = options.keyCount ?? DEFAULT_KEY_COUNT;
    this.active = Array.from({ length: count }, (_, key) => key);
    this.highestKey = count - 1;
    this.drawShare = zipf(options.maxWritesPerKey);
  }

  /** Returns the written keys, newest first. */
  writtenKeys(): readonly number[] {
    const active = new Set(this.active);
    const keys = Array.from({ length: this.highestKey + 1 }, (_, at) => this.highestKey - at);
    return keys.filter((key) => !active.has(key) || this.nextValue.has(key));
  }

  /** Returns one to `maxTxnLength` micro-operations, each a read or a write with equal probability. */
  transaction(random: Random): readonly MicroOp[] {
    const length = 1 + random.int(this.options.maxTxnLength);
    return Array.from({ length }, () => this.microOp(random));
  }

  private microOp(random: Random): MicroOp {
    for (;;) {
      const isWrite = random.boolean();
      const at = this.drawIndex(random);
      const key = this.active[at] ?? 0;
      if (!isWrite) return ['r', key, null];
      const value = this.nextValue.get(key) ?? 1;
      if (value <= this.shareOf(key, random)) {
        this.nextValue.set(key, value + 1);
        return [this.options.write, key, value];
      }
      this.nextValue.delete(key);
      this.shares.delete(key);
      this.active[at] = ++this.highestKey;
    }
  }

  private shareOf(key: number, random: Random): number {
    const known = this.shares.get(key);
    if (known !== undefined) return known;
    const share = this.drawShare(random);
    this.shares.set(key, share);
    return share;
  }

  /** Draws index i with weight 2^i: the last key is used most, the first least. */
  private drawIndex(random: Random): number {
    const count = this.active.length;
    const at = Math.floor(Math.log2(1 + random.float() * (2 ** count - 1)));
    return Math.min(count - 1, at);
  }
}

/** Draws a number from 1 to `max`, where n has weight 1/n. */
function zipf(max: number): (random: Random) => number {
  const steps = Math.min(max, MOST_WRITES);
  const sums = new Float64Array(steps);
  let sum = 0;
  for (let step = 0; step < steps; step++) sums[step] = sum += 1 / (step + 1);
  return (random) => {
    const wanted = random.float() * sum;
    return upperBound(sums, wanted, steps - 1) + 1;
  };
}

export interface TxnGenerators {
  readonly generator: Generator;
  readonly finalGenerator: Generator;
}

interface Clients {
  readonly concurrency: number;
  /** Number of nodes. */
  readonly nodes: number;
}

/** The transactions of a run, and the reads at its end. */
export function transactions(options: TxnOptions & Clients): TxnGenerators {
  const maker = new TxnMaker(options);
  return {
    generator: repeatedly((random): OpTemplate => ({ f: 'txn', value: maker.transaction(random) })),
    finalGenerator: finalReads(maker, options),
  };
}

/**
 * All written keys are read at each node, some at a time. The threads of a node share the reads, and each node begins with its
 * own part of them, so that even if there are too many for the time each has been read by some thread.
 */
function finalReads(maker: TxnMaker, { maxTxnLength, concurrency, nodes }: TxnOptions & Clients): Generator {
  // Computed only when nothing is written any more.
  let reads: readonly (readonly MicroOp[])[] | undefined;
  const makeReads = (): readonly (readonly MicroOp[])[] => {
    const keys = maker.writtenKeys();
    return Array.from({ length: Math.ceil(keys.length / maxTxnLength) }, (_, part) =>
      keys.slice(part * maxTxnLength, (part + 1) * maxTxnLength).map((key): MicroOp => ['r', key, null]),
    );
  };
  const readers = Math.min(nodes, concurrency);
  const ofThread = unfold(0, (done, _, { thread }) => {
    reads ??= makeReads();
    if (typeof thread !== 'number') return undefined;
    const reader = thread % readers;
    const threads = Math.ceil((concurrency - reader) / readers);
    const part = Math.floor(thread / readers) + done * threads;
    if (part >= reads.length) return undefined;
    const first = Math.floor((reader * reads.length) / readers);
    return [{ f: 'txn', value: reads[(first + part) % reads.length] ?? [], final: true }, done + 1];
  });
  return timeLimit(FINAL_SECONDS, eachThread(ofThread));
}
