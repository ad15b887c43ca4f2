/**
 * Finds and kills processes: a node with all that it started.
 *
 * A node leads a process group, and what it starts belongs to that group unless it leaves it (setsid). Processes that
 * left are found by their control group where control groups are available (run-cgroup.ts), and otherwise by the mark
 * that they inherited in their environment, on systems with /proc.
 */
import { processIds, readProc, STAT, statFields } from './proc-files.ts';

/** The environment variable that marks every process of a run: run id, node, and the number of the node's life. */
export const MARK_VARIABLE = 'MAELSTROM_RUN_ID';

/** Sends a signal to a group; returns false when the group has no process. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether any process of the group is alive; an unreaped zombie is not. */
export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const processes = processIds();
  return processes.length === 0 || processes.some((pid) => isAliveInGroup(pid, group));
}

/** Maximum rounds of looking for processes that start others meanwhile. */
const ROUNDS = 20;

/**
 * Sends SIGKILL to every process whose mark is this one, or begins with it and a slash; returns how many were found.
 * Stops all of them first, so that none starts another meanwhile.
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

/** Sends a signal; does nothing if there is no such process or it belongs to another user. */
export function signalOne(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended meanwhile.
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
