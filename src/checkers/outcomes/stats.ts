/**
 * How many operations succeeded, failed, or are unknown: overall and by operation type.
 *
 * A type of operation that never succeeded proves nothing, so it makes the result invalid. `crash` and
 * `debug-topic-partitions` (kafka's) do not count towards that, as in upstream for every workload.
 */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { resultOver, type Checker, type OrNoVerdict, type Validity } from '../checker.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Functions that are not client requests, so that their failure proves nothing. */
export const NOT_JUDGED: ReadonlySet<string> = new Set(['crash', 'debug-topic-partitions']);

interface Counts {
  ok: number;
  fail: number;
  info: number;
}

export interface StatsOptions {
  /** Checks every type of operation, as Jepsen's own checker does. */
  readonly judgeAll?: boolean;
}

/** Counts of operations by outcome. */
export type OutcomeCounts = {
  readonly 'valid?': Validity;
  readonly count: number;
  readonly 'ok-count': number;
  readonly 'fail-count': number;
  readonly 'info-count': number;
};

/** Counts for all operations, and for each type of operation. */
export type StatsResult = OutcomeCounts & { readonly 'by-f': Readonly<Record<string, OutcomeCounts>> };

export const STATS_MEANINGS = {
  count: 'client operations that completed',
  'ok-count': 'those that succeeded',
  'fail-count': 'those that certainly did not happen',
  'info-count': 'those in doubt: they may have happened, or may still happen',
  'by-f': 'the same for each type of operation; each must succeed at least once',
} as const satisfies Meanings<StatsResult>;

/**
 * Returns the counts without kafka clients that crash on purpose so that others take over: they end in `info`, but are
 * not in doubt.
 */
export function outcomeCounts(stats: StatsResult) {
  const crashed = stats['by-f']['crash']?.['info-count'] ?? 0;
  return {
    count: stats.count - crashed,
    ok: stats['ok-count'],
    failed: stats['fail-count'],
    inDoubt: stats['info-count'] - crashed,
    crashed,
  };
}

export class StatsChecker implements Checker<StatsResult> {
  private readonly byF = new Map<string, Counts>();

  constructor(private readonly options: StatsOptions = {}) {}

  observe(op: Op): void {
    if (op.type === 'invoke' || op.process === 'nemesis') return;
    let counts = this.byF.get(op.f);
    if (counts === undefined) {
      counts = { ok: 0, fail: 0, info: 0 };
      this.byF.set(op.f, counts);
    }
    counts[op.type] += 1;
  }

  result(): StatsResult {
    const all: Counts = { ok: 0, fail: 0, info: 0 };
    let valid = true;
    for (const [f, counts] of this.byF) {
      all.ok += counts.ok;
      all.fail += counts.fail;
      all.info += counts.info;
      if (counts.ok === 0 && (this.options.judgeAll === true || !NOT_JUDGED.has(f))) valid = false;
    }
    const names = [...this.byF.keys()].toSorted();
    const byF = names.map((f) => [f, summary(this.byF.get(f) ?? all)] as const);
    return { ...summary(all), 'valid?': valid, 'by-f': Object.fromEntries(byF) };
  }
}

const summary = (counts: Counts): OutcomeCounts => ({
  'valid?': counts.ok > 0,
  count: counts.ok + counts.fail + counts.info,
  'ok-count': counts.ok,
  'fail-count': counts.fail,
  'info-count': counts.info,
});

/** Checks a whole history. */
export function checkStats(ops: Iterable<Op>, options: StatsOptions = {}): StatsResult {
  return resultOver(new StatsChecker(options), ops);
}

/** Returns the functions that should have succeeded at least once, but never did. */
export function neverSucceeded(result: OrNoVerdict<StatsResult>): readonly NeverSucceeded[] {
  if (result['valid?'] === true) return [];
  return Object.entries(result['by-f'] ?? {})
    .filter(([f, counts]) => counts['valid?'] === false && !NOT_JUDGED.has(f))
    .map(([f, counts]) => ({
      f,
      count: counts.count,
      failed: counts['fail-count'],
      inDoubt: counts['info-count'],
    }));
}

export interface NeverSucceeded {
  readonly f: string;
  readonly count: number;
  readonly failed: number;
  readonly inDoubt: number;
}

/** Explains a failed result; undefined if it is valid. */
export function explainStats(result: OrNoVerdict<StatsResult>): string | undefined {
  const never = neverSucceeded(result);
  const parts = never.map(
    ({ f, count, failed, inDoubt }) =>
      (count === 1
        ? `the only ${shownText(f, 60)} operation did not succeed`
        : `not one of ${counted(count, `${shownText(f, 60)} operation`)} succeeded`) +
      ` (${failed} failed, ${inDoubt} ended in doubt)`,
  );
  if (parts.length === 0) return undefined;
  const text = parts.join('; ');
  const isOne = never.length === 1 && never[0]?.count === 1;
  const about = isOne ? 'it' : byCount(parts.length, 'them', 'those');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}, so the run proved nothing about ${about}.`;
}
