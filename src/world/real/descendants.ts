/**
 * What nodes have started, where there are no control groups: looked for again and again while the run goes on, since a process
 * that leaves its group, clears its environment and outlives its parent cannot be traced afterwards.
 *
 * One that is started and left by its parent between two looks is missed. Linux only: elsewhere nothing is found.
 */
import { readFileSync } from 'node:fs';
import { signalOne } from './process-group.ts';

const LOOK_EVERY_MS = 250;
/** Of looking for processes that start others while they are looked for. */
const ROUNDS = 20;
/** Of `/proc/PID/stat`, counted from the state: when the process began, in ticks since the machine did. */
const START_TIME = 19;

export class Descendants {
  /** By process id, when it began: ids are used again. */
  private readonly seen = new Map<number, string>();
  private readonly timer: NodeJS.Timeout;

  /** `roots` are the processes of the nodes that run now. */
  constructor(private readonly roots: () => Iterable<number>) {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Takes a last look, and SIGKILL for all that are alive. They are stopped first, so that none starts another meanwhile. */
  end(): void {
    clearInterval(this.timer);
    const stopped = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      this.look();
      const more = this.alive().filter((pid) => !stopped.has(pid));
      if (more.length === 0) break;
      for (const pid of more) {
        stopped.add(pid);
        signalOne(pid, 'SIGSTOP');
      }
    }
    for (const pid of this.alive()) signalOne(pid, 'SIGKILL');
  }

  private alive(): readonly number[] {
    return [...this.seen].filter(([pid, began]) => beginOf(pid) === began).map(([pid]) => pid);
  }

  private look(): void {
    const queue = [...this.roots(), ...this.seen.keys()];
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
      for (const pid of childrenOf(parent)) {
        const began = beginOf(pid);
        if (began === undefined || this.seen.get(pid) === began) continue;
        this.seen.set(pid, began);
        queue.push(pid);
      }
    }
  }
}

/** Those that its first thread started: programs fork there. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Undefined when there is no such process any more, or only what its parent has not taken notice of. */
function beginOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[START_TIME];
  } catch {
    return undefined;
  }
}
