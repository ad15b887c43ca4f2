/**
 * Finding and ending processes: a node with all it started.
 *
 * A node leads a process group, and what it starts belongs to that group unless it leaves it (setsid). Those are found by
 * the mark that they inherited in their environment, on systems that have /proc.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that marks every process of a run: run id, node, and which of the node's lives. */
export const MARK_VARIABLE = 'MAELSTROM_RUN_ID';

/** Sends a signal to a group; false when nobody is there. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether anybody in the group is alive; a zombie that nobody reaps is not. */
export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const processes = processIds();
  return processes.length === 0 || processes.some((pid) => isAliveInGroup(pid, group));
}

/** SIGKILL for every process with that mark, or one that begins with it and a slash; returns how many there were. */
export function killMarked(mark: string): number {
  let found = 0;
  for (const pid of processIds()) {
    if (pid === process.pid || !hasMark(pid, mark)) continue;
    found++;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** All processes, where the system tells; otherwise none. */
function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid));
  } catch {
    return [];
  }
}

function isAliveInGroup(pid: number, group: number): boolean {
  // The fields after the command, which stands in parentheses and may hold anything: state, parent, group, ...
  const [state, , ownGroup] = readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return ownGroup === String(group) && state !== 'Z' && state !== 'X';
}

function hasMark(pid: number, mark: string): boolean {
  const environment = `\0${readProc(pid, 'environ')}\0`;
  const entry = `\0${MARK_VARIABLE}=${mark}`;
  return environment.includes(`${entry}\0`) || environment.includes(`${entry}/`);
}

/** The text of a file about a process; empty when the process is gone or is none of ours. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
