/**
 * A budget from limits in numbers. Checkers are pure and know neither the time nor the memory in use, so the caller
 * them says how to look:
 *
 *     const budget = within({ timeLimitMs: 5000 }, { nowMs: () => performance.now() });
 */
import type { Budget } from './checker.ts';

export interface Limits {
  /** From the making of the budget on. */
  readonly timeLimitMs?: number | undefined;
  /** Of the whole process. */
  readonly memoryLimitMb?: number | undefined;
}

export interface Gauges {
  /** Any clock that does not go back. */
  nowMs(): number;
  /** Memory in use; without it a memory limit is none. */
  usedMb?(): number;
}

/** Exhausted once a limit is passed; undefined when there is no limit. */
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
