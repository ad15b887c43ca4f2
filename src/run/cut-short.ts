/**
 * A run that was ended before its time, by Ctrl-C or another signal: what its unfinished part must not be held against
 * anything. A request in flight was not refused, and a message on its way was not lost.
 */
import type { CheckResult, Validity } from '../checkers/checker.ts';
import type { Op } from '../history/op.ts';
import type { PreparedWorkload } from '../workloads/workload.ts';
import type { RunPhase } from './run-status.ts';

export interface CutShort {
  readonly phase: RunPhase;
  /** What ended it: `SIGINT`. */
  readonly by: string;
  /** Nanoseconds of the run's time; of one that never came to its operations, since its start. */
  readonly time: number;
}

/** Phases after which everything had time to spread. */
const SETTLED: ReadonlySet<RunPhase> = new Set(['final reads', 'stopping', 'analysis', 'done']);

export const isSettled = (phase: RunPhase): boolean => SETTLED.has(phase);

/** `{valid?, by, phase, time}`: it proves nothing wrong, and stands there to be seen. */
export const cutShortResult = ({ by, phase, time }: CutShort): CheckResult => ({
  'valid?': true,
  by,
  phase,
  time,
});

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
  stats(result: CheckResult): CheckResult {
    if (result['valid?'] !== false) return result;
    // Made by StatsChecker.
    const byF = result['by-f'] as Readonly<
      Record<string, { readonly 'ok-count': number; readonly count: number }>
    >;
    const refused = Object.entries(byF).some(
      ([f, counts]) => counts['ok-count'] === 0 && counts.count > (this.byF.get(f) ?? 0),
    );
    return refused ? result : { ...result, 'valid?': 'unknown' };
  }

  /** The result of the availability, where too few succeeded only because some were in flight. */
  availability(result: CheckResult, wanted: number | undefined, requests: number): CheckResult {
    if (result['valid?'] !== false || wanted === undefined) return result;
    const finished = Math.max(0, requests - this.total);
    const succeeded = Number(result['ok-fraction']) * requests;
    // The product of a fraction is off by a little.
    const isEnough = finished === 0 || (succeeded + 1e-6) / finished >= wanted;
    return isEnough ? { ...result, 'valid?': 'unknown' } : result;
  }
}

/** The workload's result, where the final reads did not take place. */
export function unsettledResult(
  result: CheckResult,
  { verdictWithoutFinalReads }: PreparedWorkload,
): CheckResult {
  if (verdictWithoutFinalReads === undefined) return result;
  const validity: Validity = verdictWithoutFinalReads(result);
  return { ...result, 'valid?': validity };
}
