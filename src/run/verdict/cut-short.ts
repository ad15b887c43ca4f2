/**
 * Results of an interrupted run (Ctrl-C or another signal): its unfinished part must not count against anything. A
 * request in flight was not refused, and a message on its way was not lost.
 */
import type { AvailabilityResult } from '../../checkers/outcomes/availability.ts';
import type { CheckResult, NoVerdict, OrNoVerdict } from '../../checkers/checker.ts';
import type { StatsResult } from '../../checkers/outcomes/stats.ts';
import type { Op } from '../../history/op.ts';
import type { PreparedWorkload } from '../../workloads/workload.ts';
import type { RunPhase } from '../run-status.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export type CutShort = {
  readonly phase: RunPhase;
  /** What ended it, such as `SIGINT`. */
  readonly by: string;
  /** Nanoseconds of the run's time, or since the start if the run never reached its operations. */
  readonly time: number;
  /** The error thrown by a function of the user's, if that ended the run. */
  readonly error?: string;
};

/** Phases in which everything has had time to spread. */
const SETTLED: ReadonlySet<RunPhase> = new Set(['final reads', 'stopping', 'analysis', 'done']);

const isSettled = (phase: RunPhase): boolean => SETTLED.has(phase);

/**
 * The interruption makes no run invalid; it is recorded for the reader. If the test itself is at fault, the verdict is
 * unknown.
 */
export type CutShortResult = { readonly 'valid?': true | 'unknown' } & CutShort;

export const INTERRUPTED_MEANINGS = {
  by: 'what ended the run',
  phase: 'the phase in which the run ended',
  time: { unit: 'ns', meaning: 'when it ended, in run time' },
} as const satisfies Meanings<CutShortResult>;

export const cutShortResult = (cutShort: CutShort): CutShortResult => ({
  'valid?': cutShort.error === undefined ? true : 'unknown',
  ...cutShort,
});

/**
 * Turns an invalid result into `unknown` if the test itself was at fault, since too few requests may be its
 * consequence.
 */
export const openIfThrown = <Result extends CheckResult>(result: Result, { error }: CutShort): Result =>
  error !== undefined && result['valid?'] === false ? { ...result, 'valid?': 'unknown' } : result;

/** Counts, by type of operation, the requests in flight when the run was interrupted. */
export class UnfinishedRequests {
  private readonly byF = new Map<string, number>();
  private total = 0;

  observe(op: Op): void {
    if (op.type !== 'info' || op.error !== 'interrupted' || op.process === 'nemesis') return;
    this.byF.set(op.f, (this.byF.get(op.f) ?? 0) + 1);
    this.total += 1;
  }

  /** Returns the stats' result; unknown if operations may have failed to succeed only for lack of time. */
  stats(result: OrNoVerdict<StatsResult>): OrNoVerdict<StatsResult> {
    if (result['valid?'] !== false) return result;
    const refused = Object.entries(result['by-f']).some(
      ([f, counts]) => counts['ok-count'] === 0 && counts.count > (this.byF.get(f) ?? 0),
    );
    return refused ? result : { ...result, 'valid?': 'unknown' };
  }

  /** Returns the availability's result; unknown if it is too low only because of requests in flight. */
  availability(
    result: OrNoVerdict<AvailabilityResult>,
    wanted: number | undefined,
    requests = 0,
  ): OrNoVerdict<AvailabilityResult> {
    if (result['valid?'] !== false || wanted === undefined) return result;
    const finished = Math.max(0, requests - this.total);
    const succeeded = Math.round(result['ok-fraction'] * requests);
    const isEnough = finished === 0 || succeeded / finished >= wanted;
    return isEnough ? { ...result, 'valid?': 'unknown' } : result;
  }
}

/** Returns the workload's result for a run whose final reads did not take place. */
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
