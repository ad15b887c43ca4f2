/**
 * Finding and ending processes: a node with all it started.
 *
 * A node leads a process group, and what it starts belongs to that group unless it leaves it (setsid). Those are found by
 * their control group, where there are such (run-cgroup.ts), and else by the mark that they inherited in their environment,
 * on systems that have /proc.
 */
import { processIds, readProc, STAT, statFields } from './proc-files.ts';

/** The environment variable that marks every process of a run: run id, node, and which of the node's lives. */
export const MARK_VARIABLE = 'MAELSTROM_RUN_ID';

/** Sends a signal to a group; false when no process is in it. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether any process of the group is alive; a zombie that is not reaped is not. */
export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const processes = processIds();
  return processes.length === 0 || processes.some((pid) => isAliveInGroup(pid, group));
}

/** Rounds of looking for processes that start others while they are looked for. */
const ROUNDS = 20;

/**
 * SIGKILL for every process with that mark, or one that begins with it and a slash; returns how many were found. All are
 * stopped first, so that none starts another meanwhile.
 */
export function killMarked(mark: string): number {
  const found = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const more = processIds().filter((pid) => pid !== process.pid && !found.has(pid) && hasMark(pid, mark));
    if (more.length === 0) break;
    for (const pid of more) {
      found.add(pid);
      signalOne(pid, 'SIGSTOP');
    }
  }
  for (const pid of found) signalOne(pid, 'SIGKILL');
  return found.size;
}

/** How old what is known of processor times may be: many nodes ask at a time, and each answer is about all processes. */
const TIMES_KEPT_MS = 1000;
let times: { readonly atMs: number; readonly ticks: ReadonlyMap<string, number> } | undefined;

/** Nanoseconds of processor time that the group has used so far; undefined where the system does not say. */
export function groupCpuNanos(group: number): number | undefined {
  const nowMs = performance.now();
  if (times === undefined || nowMs - times.atMs > TIMES_KEPT_MS) times = { atMs: nowMs, ticks: readTimes() };
  const ticks = times.ticks.get(String(group));
  return ticks === undefined ? undefined : ticks * (1_000_000_000 / TICKS_PER_SECOND);
}

function readTimes(): ReadonlyMap<string, number> {
  const ticks = new Map<string, number>();
  for (const pid of processIds()) {
    const fields = statFields(pid);
    const group = fields[STAT.group] ?? '';
    // utime and stime, and those of children that have ended.
    const used = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    ticks.set(group, (ticks.get(group) ?? 0) + used);
  }
  return ticks;
}

/** What Linux counts processor time in, on all machines that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Nothing happens when there is no such process, or it is not ours. */
export function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function isAliveInGroup(pid: number, group: number): boolean {
  const fields = statFields(pid);
  return fields[STAT.group] === String(group) && fields[STAT.state] !== 'Z' && fields[STAT.state] !== 'X';
}

function hasMark(pid: number, mark: string): boolean {
  const environment = `\0${readProc(pid, 'environ')}\0`;
  const entry = `\0${MARK_VARIABLE}=${mark}`;
  return environment.includes(`${entry}\0`) || environment.includes(`${entry}/`);
}
