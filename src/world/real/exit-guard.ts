/**
 * Leaves no node alive when this process ends before its time: by an exception, by `process.exit`, or by a signal that
 * nothing else handles. What leaves no time to act, such as SIGKILL, is the watchdog's.
 */
import type { Descendants } from './descendants.ts';
import { killMarked, signalGroup } from './process-group.ts';
import type { RunCgroup } from './run-cgroup.ts';
import { Watchdog } from './watchdog.ts';

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT'] as const;

/** By what the processes of one run are found. */
export interface RunMarks {
  /** In their environment. */
  readonly mark: string;
  readonly cgroup: RunCgroup | undefined;
  /** Where there are no control groups. */
  readonly descendants: Descendants | undefined;
}

/** What to end: groups, and the runs they belong to, with how many groups each has. */
const groups = new Set<number>();
const runs = new Map<RunMarks, number>();
let watchdog: Watchdog | undefined;
let installed = false;

/** Watches over a group, as part of a run, until the returned function is called. */
export function guardGroup(group: number, run: RunMarks): () => void {
  install();
  groups.add(group);
  runs.set(run, (runs.get(run) ?? 0) + 1);
  watchdog?.update();
  let released = false;
  return () => {
    if (released) return;
    released = true;
    groups.delete(group);
    const left = (runs.get(run) ?? 1) - 1;
    if (left > 0) runs.set(run, left);
    else runs.delete(run);
    if (runs.size === 0) uninstall();
    else watchdog?.update();
  };
}

function killAll(): void {
  for (const { descendants } of runs.keys()) descendants?.look();
  for (const group of groups) signalGroup(group, 'SIGKILL');
  for (const { mark, cgroup, descendants } of runs.keys()) {
    killMarked(mark);
    descendants?.killAll();
    cgroup?.close();
  }
}

function onSignal(signal: NodeJS.Signals): void {
  // Another listener decides whether this is the end; `exit` follows if it is.
  if (process.listenerCount(signal) > 1) return;
  killAll();
  unlisten();
  // The watchdog, whose pipe now closes, ends what these would miss.
  process.kill(process.pid, signal);
}

function install(): void {
  if (installed) return;
  installed = true;
  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  watchdog = Watchdog.start(() => ({
    groups,
    marks: Array.from(runs.keys(), ({ mark }) => mark),
    cgroups: Array.from(runs.keys()).flatMap(({ cgroup }) => (cgroup === undefined ? [] : [cgroup.path])),
  }));
}

function unlisten(): void {
  installed = false;
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function uninstall(): void {
  unlisten();
  watchdog?.close();
  watchdog = undefined;
}
