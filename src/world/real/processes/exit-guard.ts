/**
 * Kills all nodes when this process ends early: by an exception, by `process.exit`, or by a signal that nothing else
 * handles. The watchdog covers ends that leave no time to act, such as SIGKILL.
 */
import type { Descendants } from './descendants.ts';
import { killMarked, signalGroup } from './process-group.ts';
import type { RunCgroup } from './run-cgroup.ts';
import { Watchdog } from './watchdog.ts';

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT'] as const;

/** What identifies the processes of one run. */
export interface RunMarks {
  /** Set in their environment. */
  readonly mark: string;
  readonly cgroup: RunCgroup | undefined;
  /** Used where there are no control groups. */
  readonly descendants: Descendants | undefined;
}

/** The groups to kill, and the runs they belong to with their number of groups. */
const groups = new Set<number>();
const runs = new Map<RunMarks, number>();
let watchdog: Watchdog | undefined;
let installed = false;

/** Guards a group, as part of a run, until the returned function is called. */
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
  // Another listener decides whether the process ends; `exit` follows if it does.
  if (process.listenerCount(signal) > 1) return;
  killAll();
  unlisten();
  // Closing the watchdog's pipe makes it kill any processes that these calls missed.
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
