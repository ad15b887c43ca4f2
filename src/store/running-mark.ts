/**
 * A file in a run's folder, present while the run is in progress, that names the writing process. A later reader checks
 * whether that process is alive. The process number alone is not enough: it may be reused after a crash, and the store
 * may be read on another machine. So the start time of the process and the machine are recorded too.
 */
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readPlain, replaceFile } from '../files/plain-file.ts';
import { RUN_FILES } from './layout.ts';

/** Whether a run's process is alive; `unknown` if there is no mark or it is from another machine. */
export type RunLife = 'alive' | 'dead' | 'unknown';

interface RunningMark {
  readonly pid: number;
  /** The machine, and its namespace of process numbers, which differs between containers. */
  readonly place: string;
  /** The start time of the process, as the system counts; empty if unknown. */
  readonly began: string;
}

export function markRunning(folder: string): void {
  const mark: RunningMark = { pid: process.pid, place: placeOfProcesses(), began: beginningOf(process.pid) };
  replaceFile(join(folder, RUN_FILES.running), `${JSON.stringify(mark)}\n`);
}

/** Removes the mark. Never throws, since a mark that stays names a process that will be gone. */
export function unmarkRunning(folder: string): void {
  try {
    rmSync(join(folder, RUN_FILES.running), { force: true });
  } catch {
    // The folder can no longer be written, which has been reported.
  }
}

export function lifeOfRun(folder: string): RunLife {
  const mark = readMark(folder);
  if (mark === undefined || mark.place !== placeOfProcesses()) return 'unknown';
  if (!isAlive(mark.pid)) return 'dead';
  const began = beginningOf(mark.pid);
  return began === '' || began === mark.began ? 'alive' : 'dead';
}

function readMark(folder: string): RunningMark | undefined {
  try {
    const mark = JSON.parse(readPlain(join(folder, RUN_FILES.running))) as Partial<RunningMark>;
    const { pid, place, began } = mark;
    // 0 and below would address process groups.
    if (!Number.isSafeInteger(pid) || pid === undefined || pid <= 0) return undefined;
    return typeof place === 'string' && typeof began === 'string' ? { pid, place, began } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads the start time from /proc; empty where there is none. A zombie has ended. */
function beginningOf(pid: number): string {
  try {
    // After the command, which is in parentheses and may contain anything, follow the state and, 19 fields later, the
    // start time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function placeOfProcesses(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
