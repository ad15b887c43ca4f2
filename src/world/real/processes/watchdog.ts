/**
 * Kills nodes when this process ends without a chance to do so: by SIGKILL, by SIGQUIT (Ctrl-\), or by a crash of Node
 * itself.
 *
 * A small shell in its own session holds a pipe to this process. It reads what to kill, and kills it when the pipe
 * closes while anything is listed. It does nothing in a run that ends in good order.
 */
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { MARK_VARIABLE } from './process-group.ts';

export interface Watched {
  readonly groups: Iterable<number>;
  /** Marks of runs, which their processes have in their environment. */
  readonly marks: Iterable<string>;
  /** Folders of control groups. */
  readonly cgroups: Iterable<string>;
}

// Each line replaces the previous one: `marks|cgroups|groups`, each a list separated by blanks.
const SCRIPT = `
trap '' HUP INT QUIT TERM
while IFS='|' read -r m c g; do marks=$m cgroups=$c groups=$g; done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
for cgroup in $cgroups; do
  for round in 1 2 3 4 5 6 7 8 9 10; do
    left=
    for procs in "$cgroup"/*/cgroup.procs; do
      [ -e "$procs" ] || continue
      one=\${procs%/cgroup.procs}
      [ -e "$one/cgroup.kill" ] && echo 1 > "$one/cgroup.kill"
      for pid in $(cat "$procs" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null; left=1; done
      rmdir "$one" 2>/dev/null
    done
    [ -z "$left" ] && break
    sleep 0.1
  done
  rmdir "$cgroup" 2>/dev/null
done
for mark in $marks; do
  for round in 1 2 3 4 5; do
    left=
    for file in $(grep -als "${MARK_VARIABLE}=$mark" /proc/[0-9]*/environ 2>/dev/null); do
      pid=\${file#/proc/}; pid=\${pid%/environ}
      [ "$pid" = $$ ] || { kill -KILL "$pid" 2>/dev/null && left=1; }
    done
    [ -z "$left" ] && break
  done
done
`;

export class Watchdog {
  private updateComes = false;
  private closed = false;

  private constructor(
    private readonly pipe: Writable,
    private readonly watched: () => Watched,
  ) {}

  /**
   * Returns undefined when no shell can be started. Then nodes are cleaned up only when this process ends in good
   * order.
   */
  static start(watched: () => Watched): Watchdog | undefined {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'maelstrom-watchdog'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    child.on('error', () => {});
    const pipe = child.stdin;
    if (child.pid === undefined || pipe === null) return undefined;
    pipe.on('error', () => {});
    // It must not keep this process alive.
    child.unref();
    if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    return new Watchdog(pipe, watched);
  }

  /**
   * Called when what is watched has changed. Written before anything else happens in this process: an immediate would wait
   * for the next event, and that may be the last.
   */
  update(): void {
    if (this.updateComes || this.closed) return;
    this.updateComes = true;
    process.nextTick(() => {
      this.updateComes = false;
      if (!this.closed) this.send();
    });
  }

  /** Ends the watchdog, which then kills what is still watched; that should be nothing. */
  close(): void {
    if (this.closed) return;
    this.send();
    this.closed = true;
    this.pipe.end();
  }

  private send(): void {
    const { marks, cgroups, groups } = this.watched();
    this.pipe.write(`${[...marks].join(' ')}|${[...cgroups].join(' ')}|${[...groups].join(' ')}\n`);
  }
}
