/**
 * A run that was ended before its time, by Ctrl-C or another signal: what its unfinished part must not be held against
 * anything. A request in flight was not refused, and a message on its way was not lost.
 */
import type { AvailabilityResult } from '../checkers/availability.ts';
import type { CheckResult, NoVerdict, OrNoVerdict } from '../checkers/checker.ts';
import type { StatsResult } from '../checkers/stats.ts';
import type { Op } from '../history/op.ts';
import type { PreparedWorkload } from '../workloads/workload.ts';
import type { RunPhase } from './run-status.ts';
import type { Meanings } from '../protocol/key-meaning.ts';

export type CutShort = {
  readonly phase: RunPhase;
  /** What ended it: `SIGINT`. */
  readonly by: string;
  /** Nanoseconds of the run's time; of one that never came to its operations, since its start. */
  readonly time: number;
  /** What a function of the user's has thrown, where that ended it. */
  readonly error?: string;
};

/** Phases after which everything had time to spread. */
const SETTLED: ReadonlySet<RunPhase> = new Set(['final reads', 'stopping', 'analysis', 'done']);

const isSettled = (phase: RunPhase): boolean => SETTLED.has(phase);

/** It proves nothing wrong, and stands there to be seen. What came of a test that is itself at fault is open. */
export type CutShortResult = { readonly 'valid?': true | 'unknown' } & CutShort;

export const INTERRUPTED_MEANINGS = {
  by: 'what ended the run',
  phase: 'what it was doing',
  time: { unit: 'ns', meaning: 'when, in time of the run' },
} as const satisfies Meanings<CutShortResult>;

export const cutShortResult = (cutShort: CutShort): CutShortResult => ({
  'valid?': cutShort.error === undefined ? true : 'unknown',
  ...cutShort,
});

/** Where the test itself was at fault, what came of too few requests is open. */
export const openIfThrown = <Result extends CheckResult>(result: Result, { error }: CutShort): Result =>
  error !== undefined && result['valid?'] === false ? { ...result, 'valid?': 'unknown' } : result;

/** Counts, by type of operation, what was in flight when the run was ended. */
export class UnfinishedRequests {
  private readonly byF = new Map<string, number>();
  private total = 0;

  observe(op: Op): void {
    if (op.type !== 'info' || op.error !== 'interrupted' || op.process === 'nemesis') return;
    this.byF.set(op.f, (this.byF.get(op.f) ?? 0) + 1);
    this.total += 1;
  }

  /** The result of the stats, where an operation that never succeeded may only have had no time to. */
  stats(result: OrNoVerdict<StatsResult>): OrNoVerdict<StatsResult> {
    if (result['valid?'] !== false) return result;
    const refused = Object.entries(result['by-f']).some(
      ([f, counts]) => counts['ok-count'] === 0 && counts.count > (this.byF.get(f) ?? 0),
    );
    return refused ? result : { ...result, 'valid?': 'unknown' };
  }

  /** The result of the availability, where too few succeeded only because some were in flight. */
  availability(
    result: OrNoVerdict<AvailabilityResult>,
    wanted: number | undefined,
    requests = 0,
  ): OrNoVerdict<AvailabilityResult> {
    if (result['valid?'] !== false || wanted === undefined) return result;
    const finished = Math.max(0, requests - this.total);
    const succeeded = result['ok-fraction'] * requests;
    // The product of a fraction is off by a little.
    const isEnough = finished === 0 || (succeeded + 1e-6) / finished >= wanted;
    return isEnough ? { ...result, 'valid?': 'unknown' } : result;
  }
}

/** The workload's result, where the final reads did not take place. */
export function resultWhenCutShort<Result extends CheckResult>(
  result: Result | NoVerdict,
  workload: PreparedWorkload<Result>,
  { phase }: CutShort,
): CheckResult {
  const isBrokenOff = phase === 'final reads' && workload.finalReadsBelongTogether === true;
  if (isSettled(phase) && !isBrokenOff) return result;
  if (workload.verdictWithoutFinalReads === undefined) return result;
  return { ...result, 'valid?': workload.verdictWithoutFinalReads(result) };
}
