/**
 * A file in a run's folder, there while the run goes: which process writes to it. A later reader of the run asks
 * whether that process lives. A number alone would not do: after a crash another process may be given it, and a store
 * may be looked at from another machine; so when the process began, and where, stand beside it.
 */
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readPlain, replaceFile } from '../files/plain-file.ts';
import { RUN_FILES } from './layout.ts';

/** Whether a run's process lives; `untold` where there is no mark, or it is of another machine. */
export type RunLife = 'alive' | 'dead' | 'untold';

interface RunningMark {
  readonly pid: number;
  /** The machine, and within it the space of process numbers: containers have their own. */
  readonly place: string;
  /** When the process began, as the system counts; empty where it does not say. */
  readonly began: string;
}

/** Says that this process writes to the folder. */
export function markRunning(folder: string): void {
  const mark: RunningMark = { pid: process.pid, place: placeOfProcesses(), began: beginningOf(process.pid) };
  replaceFile(join(folder, RUN_FILES.running), `${JSON.stringify(mark)}\n`);
}

/** Never throws: a mark that stays names a process that will be gone. */
export function unmarkRunning(folder: string): void {
  try {
    rmSync(join(folder, RUN_FILES.running), { force: true });
  } catch {
    // The folder cannot be written any more, which has been reported.
  }
}

export function lifeOfRun(folder: string): RunLife {
  const mark = readMark(folder);
  if (mark === undefined || mark.place !== placeOfProcesses()) return 'untold';
  if (!isAlive(mark.pid)) return 'dead';
  const began = beginningOf(mark.pid);
  return began === '' || began === mark.began ? 'alive' : 'dead';
}

function readMark(folder: string): RunningMark | undefined {
  try {
    const mark = JSON.parse(readPlain(join(folder, RUN_FILES.running))) as Partial<RunningMark>;
    const { pid, place, began } = mark;
    // 0 and below would mean groups of processes.
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

/** From /proc, where there is one; empty elsewhere. A zombie has ended. */
function beginningOf(pid: number): string {
  try {
    // After the command, which stands in parentheses and may hold anything: the state, and 18 fields on the start.
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
