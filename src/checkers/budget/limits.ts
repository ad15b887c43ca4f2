/**
 * A budget from numeric limits. Checkers are pure and know neither time nor memory use, so the caller passes functions
 * that measure them:
 *
 *     const budget = within({ timeLimitMs: 5000 }, { nowMs: () => performance.now() });
 */
import type { Budget } from '../checker.ts';

export interface Limits {
  /** From the creation of the budget. */
  readonly timeLimitMs?: number | undefined;
  /** Of the whole process. */
  readonly memoryLimitMb?: number | undefined;
}

export interface Gauges {
  /** Any monotonic clock. */
  nowMs(): number;
  /** Memory in use. Without it, a memory limit has no effect. */
  usedMb?(): number;
}

/** Returns a budget that is exhausted once a limit is exceeded; undefined if there is no limit. */
export function within({ timeLimitMs, memoryLimitMb }: Limits, gauges: Gauges): Budget | undefined {
  if (timeLimitMs === undefined && memoryLimitMb === undefined) return undefined;
  const end = timeLimitMs === undefined ? Number.POSITIVE_INFINITY : gauges.nowMs() + timeLimitMs;
  const most = memoryLimitMb ?? Number.POSITIVE_INFINITY;
  let exhausted = false;
  return {
    isFinite: timeLimitMs !== undefined,
    exhausted() {
      exhausted ||= gauges.nowMs() > end || (gauges.usedMb?.() ?? 0) > most;
      return exhausted;
    },
  };
}
