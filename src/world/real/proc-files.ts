/** What Linux says of processes, in /proc. Elsewhere there are none. */
import { readdirSync, readFileSync } from 'node:fs';

/** Where a field stands in the answer of `statFields`. */
export const STAT = {
  state: 0,
  parent: 1,
  group: 2,
  /** When the process began, in ticks since the machine did: process ids are used again. */
  began: 19,
} as const;

/** All processes, where the system lists them; otherwise none. */
export const processIds = (): number[] => numbersIn('/proc');

/** The fields of `/proc/PID/stat` after the command, which stands in parentheses and may hold anything; none of one that is gone. */
export function statFields(pid: number): readonly string[] {
  return readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
}

/** When it began; undefined when there is no such process any more, or only what its parent has not taken notice of. */
export function beginOf(pid: number): string | undefined {
  const fields = statFields(pid);
  const state = fields[STAT.state];
  return state === 'Z' || state === 'X' ? undefined : fields[STAT.began];
}

/** Those that it has started, in any of its threads: programs in Go and Java fork in many. */
export function childrenOf(pid: number): readonly number[] {
  return numbersIn(`/proc/${pid}/task`).flatMap((thread) =>
    readProc(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** The text of a file about a process; empty when the process is gone or is none of ours. */
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
