/**
 * Leaves no node alive when this process ends before its time: by an exception, by `process.exit`, or by a signal that
 * nobody else handles.
 */
import { killMarked, signalGroup } from './process-group.ts';

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** What to end: groups, and the runs they belong to. */
const groups = new Set<number>();
const runs = new Map<string, number>();
let installed = false;

/** Watches over a group, as part of a run, until the returned function is called. */
export function guardGroup(group: number, runMark: string): () => void {
  install();
  groups.add(group);
  runs.set(runMark, (runs.get(runMark) ?? 0) + 1);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    groups.delete(group);
    const left = (runs.get(runMark) ?? 1) - 1;
    if (left > 0) runs.set(runMark, left);
    else runs.delete(runMark);
    if (runs.size === 0) uninstall();
  };
}

function killAll(): void {
  for (const group of groups) signalGroup(group, 'SIGKILL');
  for (const mark of runs.keys()) killMarked(mark);
}

function onSignal(signal: NodeJS.Signals): void {
  // Somebody else who listens decides whether this is the end; `exit` follows if it is.
  if (process.listenerCount(signal) > 1) return;
  killAll();
  uninstall();
  process.kill(process.pid, signal);
}

function install(): void {
  if (installed) return;
  installed = true;
  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function uninstall(): void {
  installed = false;
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
