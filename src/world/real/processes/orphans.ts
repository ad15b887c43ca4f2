/**
 * Finds processes that a node may have left behind, where this can only be guessed: they began during the run, have
 * lost their parent, and have an environment that was cleared or overwritten, as otherwise their mark would have
 * identified them. They are only reported, not killed. Linux only.
 */
import { statSync } from 'node:fs';
import { beginOf, processIds, readProc, STAT, statFields } from './proc-files.ts';

/** Returns the suspects that began at that time or later. */
export function orphansSince(began: string): readonly number[] {
  const own = readProc(process.pid, 'cgroup');
  return processIds().filter(
    (pid) =>
      Number(beginOf(pid)) >= Number(began) &&
      isOrphan(pid) &&
      isOfThisUser(pid) &&
      // A service that the system has started meanwhile is in another control group.
      readProc(pid, 'cgroup') === own &&
      hasLostEnvironment(pid),
  );
}

/** Returns the command line of a process. */
export function commandOf(pid: number): string {
  const words = readProc(pid, 'cmdline').split('\0').join(' ').trim();
  return words === '' ? readProc(pid, 'comm').trim() : words;
}

function isOrphan(pid: number): boolean {
  const parent = Number(statFields(pid)[STAT.parent]);
  return parent === 1 || (parent > 1 && readProc(parent, 'comm') === 'systemd\n');
}

function isOfThisUser(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Programs that do not hide have these variables if this process has them. */
function hasLostEnvironment(pid: number): boolean {
  const environment = `\0${readProc(pid, 'environ')}`;
  return ['HOME', 'PATH'].some(
    (name) => process.env[name] !== undefined && !environment.includes(`\0${name}=`),
  );
}
