/**
 * Writes of single keys and reads of whole groups of keys: reads of a group must show one growing state. Jepsen's
 * `long-fork`, the anomaly of parallel snapshot isolation that snapshot isolation forbids.
 *
 *     T1  write x 1     T2  write y 1
 *     T3  read x -> 1, y -> null     T4  read x -> null, y -> 1      each saw the write that the other missed
 *
 * Each key is written once, and each read shows exactly the keys of one group.
 */
import { byCount } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { canonicalJson, elementsOf, valueText, wordOf, type Json } from '../../protocol/json.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { malformedResult, type Checker, type NoVerdict, type OneOf } from '../checker.ts';

export interface LongForkOptions {
  /** Number of keys that a read shows. Default 2. */
  readonly 'group-size'?: number | undefined;
}

/** Maximum number of pairs of reads kept. */
const KEPT = 256;

type MicroOp = readonly [f: string, key: Json, value: Json];

/** The reads of one group, one for each set of keys that they found written. */
interface Group {
  readonly keys: readonly string[];
  readonly values: (string | undefined)[];
  readonly reads: Map<string, { readonly op: Op; readonly shown: readonly boolean[] }>;
}

export type LongForkResult = OneOf<
  | NoVerdict
  /** Why the history proves nothing: `['multiple-writes', key]`, and in words. */
  | (LongForkCounts & { readonly 'valid?': 'unknown'; readonly error: Json; readonly message: string })
  | (LongForkCounts & { readonly 'valid?': true })
  /** Pairs of reads that contradict each other. */
  | (LongForkCounts & { readonly 'valid?': false; readonly forks: readonly Fork[] })
>;

type LongForkCounts = {
  readonly 'reads-count': number;
  readonly 'early-read-count': number;
  readonly 'late-read-count': number;
};

type Fork = readonly [Op, Op];

export const LONG_FORK_MEANINGS = {
  'reads-count': 'number of reads',
  'early-read-count': 'number of reads that show no write',
  'late-read-count': 'number of reads that show a write of each key',
  forks: 'pairs of reads, each of which shows a write that the other misses',
  message: 'why the history proves nothing, in a sentence',
} as const satisfies Meanings<LongForkResult>;

export class LongForkChecker implements Checker<LongForkResult> {
  readonly #groupSize: number;
  readonly #written = new Set<string>();
  readonly #groups = new Map<string, Group>();
  #reads = 0;
  #early = 0;
  #late = 0;
  #problem: { readonly error: Json; readonly message: string } | undefined;
  malformed: string | undefined;

  constructor(options: LongForkOptions = {}) {
    this.#groupSize = options['group-size'] ?? 2;
    if (!Number.isSafeInteger(this.#groupSize) || this.#groupSize < 1) {
      throw new UserError(`The option group-size must be a whole number from 1, but is ${this.#groupSize}.`);
    }
  }

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.type !== 'invoke' && op.type !== 'ok') return;
    // A read may be invoked without the keys that it will show.
    if (op.type === 'invoke' && op.value === null) return;
    const mops = microOpsOf(op.value);
    if (mops === undefined || !isLegal(mops)) {
      this.malformed =
        `operation ${op.index} has the value ${valueText(op.value).slice(0, 120)}; ` +
        'expected one ["w", key, value], or several ["r", key, value]';
      return;
    }
    const isWrite = mops[0]?.[0] === 'w';
    if (isWrite && op.type === 'invoke') this.#noteWrite(mops[0]?.[1] ?? null);
    else if (!isWrite && op.type === 'ok') this.#noteRead(op, mops);
  }

  #noteWrite(key: Json): void {
    const name = canonicalJson(key);
    if (this.#written.has(name)) {
      this.#problem ??= {
        error: ['multiple-writes', key],
        message: `Key ${valueText(key)} is written more than once; each key must be written once, or nothing can be concluded.`,
      };
    }
    this.#written.add(name);
  }

  #noteRead(op: Op, mops: readonly MicroOp[]): void {
    const byKey = new Map(mops.map(([, key, value]) => [canonicalJson(key), value]));
    if (byKey.size !== this.#groupSize || mops.length !== this.#groupSize) {
      this.#problem ??= {
        error: ['illegal-history', op.index],
        message:
          `Operation ${op.index} reads ${byKey.size} keys; expected ${this.#groupSize}, the size of a group. ` +
          'Another size is given by --group-size.',
      };
      return;
    }
    const keys = [...byKey.keys()].sort();
    const name = JSON.stringify(keys);
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = { keys, values: [], reads: new Map() }));
    const shown = keys.map((key) => (byKey.get(key) ?? null) !== null);
    this.#reads++;
    if (!shown.includes(true)) this.#early++;
    if (!shown.includes(false)) this.#late++;
    for (const [at, key] of keys.entries()) {
      if (shown[at] !== true) continue;
      const value = canonicalJson(byKey.get(key) ?? null);
      group.values[at] ??= value;
      if (group.values[at] === value) continue;
      this.#problem ??= {
        error: ['illegal-history', op.index],
        message: `Operation ${op.index} reads ${key} as ${value}, another read as ${group.values[at]}; each key must be written once.`,
      };
    }
    const mask = shown.map((one) => (one ? '1' : '0')).join('');
    if (!group.reads.has(mask)) group.reads.set(mask, { op, shown });
  }

  result(): LongForkResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const counts = {
      'reads-count': this.#reads,
      'early-read-count': this.#early,
      'late-read-count': this.#late,
    };
    if (this.#problem !== undefined) {
      return { ...counts, 'valid?': 'unknown', error: this.#problem.error, message: this.#problem.message };
    }
    if (this.#reads === 0) {
      return {
        ...counts,
        'valid?': 'unknown',
        error: ['no-reads'],
        message: 'No read succeeded, so the history proves nothing.',
      };
    }
    const forks = [...this.#groups.values()].flatMap(forksOf).slice(0, KEPT);
    return forks.length === 0 ? { ...counts, 'valid?': true } : { ...counts, 'valid?': false, forks };
  }
}

/**
 * Returns pairs of reads neither of which shows everything that the other shows. In one growing state, reads sorted by
 * how much they show each contain the previous one. Only if that fails are all pairs compared.
 */
function forksOf({ reads }: Group): readonly Fork[] {
  const bySize = [...reads.values()].toSorted((a, b) => sizeOf(a.shown) - sizeOf(b.shown));
  const grows = bySize.every((read, at) => isWithin(bySize[at - 1]?.shown ?? [], read.shown));
  if (grows) return [];
  const forks: Fork[] = [];
  for (const [at, read] of bySize.entries()) {
    for (const other of bySize.slice(0, at)) {
      if (isWithin(other.shown, read.shown)) continue;
      forks.push(other.op.index < read.op.index ? [other.op, read.op] : [read.op, other.op]);
      if (forks.length === KEPT) return forks;
    }
  }
  return forks;
}

const sizeOf = (shown: readonly boolean[]): number => shown.filter(Boolean).length;

const isWithin = (less: readonly boolean[], more: readonly boolean[]): boolean =>
  less.every((one, at) => !one || more[at] === true);

/**
 * Returns the micro-operations, whose names may be keywords: Jepsen calls the operations `read` and `write`, so their
 * values are not normalized.
 */
function microOpsOf(value: Json): readonly MicroOp[] | undefined {
  const items = elementsOf(value) ?? [];
  const mops = items.flatMap((item): MicroOp[] => {
    const [name, key, seen = null] = elementsOf(item) ?? [];
    const f = wordOf(name)?.replace(/^:/, '');
    return (f === 'r' || f === 'w') && key !== undefined ? [[f, key, seen]] : [];
  });
  return elementsOf(value) !== undefined && mops.length === items.length ? mops : undefined;
}

function isLegal(mops: readonly MicroOp[]): boolean {
  return mops.every(([f]) => f === 'r') || mops.length === 1;
}

const briefly = (value: Json): string => shownText(valueText(value), 60);

/** Explains the first two reads that contradict each other, or why there is no verdict. */
export function explainLongFork(result: LongForkResult): string | undefined {
  if (result['valid?'] === 'unknown') return result.message;
  if (result['valid?']) return undefined;
  const { forks } = result;
  const [first, second] = forks[0] ?? [];
  if (first === undefined || second === undefined) return undefined;
  const text = ({ index, process, value }: Op): string =>
    `operation ${index} (process ${process}) read ${(microOpsOf(value) ?? []).map(([, key, seen]) => `${briefly(key)} as ${briefly(seen)}`).join(', ')}`;
  const more = forks.length - 1;
  return (
    `Long fork: ${text(first)}; ${text(second)}. Each saw a write that the other missed, so neither came first: this is not ` +
    `snapshot isolation.` +
    (more === 0 ? '' : ` ${more} more ${byCount(more, 'pair of reads does', 'pairs of reads do')} so.`)
  );
}
