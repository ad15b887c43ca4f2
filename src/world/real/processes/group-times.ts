/**
 * The processor time of process groups, and how long they have waited for a processor: a program that starts on an
 * overloaded machine gets little of it, and is not idle. Both are read from /proc:
 *
 *     /proc/71/stat                  utime and stime, in ticks, and those of children that have ended
 *     /proc/71/task/71/schedstat     405448 4861982 3: nanoseconds on a processor, nanoseconds waiting for one
 */
import { readdirSync } from 'node:fs';
import { processIds, readProc, STAT, statFields } from './proc-files.ts';

/**
 * Maximum age of the cached times, in milliseconds: many nodes ask at about the same time, and each reading covers all
 * processes.
 */
const KEPT_MS = 1000;
/** The unit in which Linux counts processor time, on all machines that Node runs on. */
const TICKS_PER_SECOND = 100;
const NANOS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;
/** A program that only wakes up now and then waits a little each time, so waiting counts less than working. */
const WAITING_SHARE = 0.2;

interface GroupTimes {
  ticks: number;
  readonly pids: number[];
}

let cached: { readonly atMs: number; readonly groups: ReadonlyMap<string, GroupTimes> } | undefined;

/**
 * Returns the processor time that the group has used so far, with a fifth of the time that it waited for a processor, in
 * nanoseconds, or undefined if the system does not report it.
 */
export function groupBusyNanos(group: number): number | undefined {
  const nowMs = performance.now();
  if (cached === undefined || nowMs - cached.atMs > KEPT_MS) cached = { atMs: nowMs, groups: readGroups() };
  const times = cached.groups.get(String(group));
  if (times === undefined) return undefined;
  const waited = times.pids.reduce((sum, pid) => sum + waitedNanos(pid), 0);
  return times.ticks * NANOS_PER_TICK + waited * WAITING_SHARE;
}

function readGroups(): ReadonlyMap<string, GroupTimes> {
  const groups = new Map<string, GroupTimes>();
  for (const pid of processIds()) {
    const fields = statFields(pid);
    const group = fields[STAT.group] ?? '';
    const times = groups.get(group) ?? { ticks: 0, pids: [] };
    groups.set(group, times);
    times.ticks += fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    times.pids.push(pid);
  }
  return groups;
}

/** Returns how long the threads of a process have waited for a processor; 0 if that is unknown. */
export function waitedNanos(pid: number): number {
  return threadsOf(pid).reduce((sum, thread) => sum + waitOf(readProc(pid, `task/${thread}/schedstat`)), 0);
}

/** Returns the second number of a `schedstat`, or 0. */
export function waitOf(schedstat: string): number {
  return Number(/^\d+ (\d+) /.exec(schedstat)?.[1] ?? 0);
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
