/** Reads about processes from Linux's /proc. Finds nothing on other systems. */
import { readdirSync, readFileSync } from 'node:fs';

/** Indexes into the result of `statFields`. */
export const STAT = {
  state: 0,
  parent: 1,
  group: 2,
  /** When the process began, in ticks since boot. Tells processes apart when ids are reused. */
  began: 19,
} as const;

/** Returns the ids of all processes, or none if the system does not list them. */
export const processIds = (): number[] => numbersIn('/proc');

/**
 * Returns the fields of `/proc/PID/stat` after the command, which is in parentheses and may contain anything. Empty if
 * the process is gone.
 */
export function statFields(pid: number): readonly string[] {
  return readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
}

/** Returns when the process began, or undefined if it is gone or a zombie. */
export function beginOf(pid: number): string | undefined {
  const fields = statFields(pid);
  const state = fields[STAT.state];
  return state === 'Z' || state === 'X' ? undefined : fields[STAT.began];
}

/** Returns the processes that any of its threads has started: programs in Go and Java fork in many threads. */
export function childrenOf(pid: number): readonly number[] {
  return numbersIn(`/proc/${pid}/task`).flatMap((thread) =>
    readProc(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** Returns the text of a file about a process; empty if the process is gone or belongs to another user. */
export function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((number) => Number.isInteger(number));
  } catch {
    return [];
  }
}
