/**
 * Transactions over a moving window of keys, after Elle's generator: a few keys are active at a time, some much more
 * often used than others; every write to a key has a value of its own, and a key that has had its share is replaced by a
 * fresh one.
 */
import { repeatedly, type OpTemplate } from '../generator/operations.ts';
import type { Generator } from '../generator/generator.ts';
import type { Random } from '../world/random.ts';

export interface TxnOptions {
  /** What writes are called: `append` or `w`. */
  readonly write: string;
  /** How many keys are active at once. Default 10. */
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
}

export type MicroOp = readonly [f: string, key: number, value: number | null];

const DEFAULT_KEY_COUNT = 10;

/** Makes transactions; it counts what it has written, so each run needs its own. */
export class TxnMaker {
  private readonly active: number[];
  private readonly nextValue = new Map<number, number>();
  private highestKey: number;

  constructor(private readonly options: TxnOptions) {
    const count = options.keyCount ?? DEFAULT_KEY_COUNT;
    this.active = Array.from({ length: count }, (_, key) => key);
    this.highestKey = count - 1;
  }

  /** One to `maxTxnLength` micro-operations, each a read or a write with equal chance. */
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
      if (value <= this.options.maxWritesPerKey) {
        this.nextValue.set(key, value + 1);
        return [this.options.write, key, value];
      }
      this.nextValue.delete(key);
      this.active[at] = ++this.highestKey;
    }
  }

  /** Index i with weight 2^i: the last key is the most used, the first the rarest. */
  private drawIndex(random: Random): number {
    const count = this.active.length;
    const at = Math.floor(Math.log2(1 + random.float() * (2 ** count - 1)));
    return Math.min(count - 1, at);
  }
}

export function transactions(options: TxnOptions): Generator {
  const maker = new TxnMaker(options);
  return repeatedly((random): OpTemplate => ({ f: 'txn', value: maker.transaction(random) }));
}
