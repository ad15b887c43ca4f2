/**
 * Processes that a node may have left behind, where that can only be guessed: they began during the run, have lost their
 * parent, and have an environment that was cleared or overwritten, without which they would have been found by their mark.
 * They are named, and not ended. Linux only.
 */
import { statSync } from 'node:fs';
import { beginOf, processIds, readProc, STAT, statFields } from './proc-files.ts';

/** All that began at that time or later. */
export function orphansSince(began: string): readonly number[] {
  const own = readProc(process.pid, 'cgroup');
  return processIds().filter(
    (pid) =>
      Number(beginOf(pid)) >= Number(began) &&
      isOrphan(pid) &&
      isOfThisUser(pid) &&
      // A service that the system started meanwhile has a group of its own.
      readProc(pid, 'cgroup') === own &&
      hasLostEnvironment(pid),
  );
}

/** What it runs, in words. */
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

/** Every program that was not meant to hide has these, where we have them. */
function hasLostEnvironment(pid: number): boolean {
  const environment = `\0${readProc(pid, 'environ')}`;
  return ['HOME', 'PATH'].some(
    (name) => process.env[name] !== undefined && !environment.includes(`\0${name}=`),
  );
}
