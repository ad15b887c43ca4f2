/**
 * Finds processes that nodes have started, where there are no control groups. Looks periodically while the run goes on,
 * since a process that leaves its group, clears its environment and outlives its parent cannot be traced afterwards.
 *
 * Misses a process that is started and then orphaned between two looks, unless it holds a pipe of the node
 * (pipe-holders.ts). Linux only; finds nothing elsewhere.
 */
import { beginOf, childrenOf } from './proc-files.ts';
import { signalOne } from './process-group.ts';

const LOOK_EVERY_MS = 250;
/** Maximum rounds of looking for processes that start others meanwhile. */
const ROUNDS = 20;

interface Seen {
  readonly pid: number;
  /** The process of the node that it descends from. */
  readonly root: number;
  readonly began: string;
}

export class Descendants {
  /** Processes that were alive at the last look, by process id. */
  private readonly seen = new Map<number, Seen>();
  private readonly timer: NodeJS.Timeout;
  /** When the first node began, in the form of `beginOf`. */
  private firstBegan: string | undefined;

  constructor() {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Adds the process of a node that has started. */
  add(root: number): void {
    const seen = this.see(root, root);
    this.firstBegan ??= seen?.began;
  }

  get began(): string | undefined {
    return this.firstBegan;
  }

  look(): void {
    const queue: Seen[] = [];
    for (const one of this.seen.values()) {
      // Its id may have been reused for another process.
      if (isAlive(one)) queue.push(one);
      else this.seen.delete(one.pid);
    }
    for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
      for (const pid of childrenOf(parent.pid)) {
        const child = this.seen.has(pid) ? undefined : this.see(pid, parent.root);
        if (child !== undefined) queue.push(child);
      }
    }
  }

  /**
   * Sends SIGKILL to a node's process and its descendants; returns whether there were any. Stops them first, so that
   * none starts another meanwhile.
   */
  kill(root: number): boolean {
    const stopped = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      this.look();
      const more = [...this.seen.values()].filter((one) => one.root === root && !stopped.has(one.pid));
      if (more.length === 0) break;
      for (const { pid } of more) {
        stopped.add(pid);
        signalOne(pid, 'SIGSTOP');
      }
    }
    for (const pid of stopped) signalOne(pid, 'SIGKILL');
    return stopped.size > 0;
  }

  /** Sends SIGKILL to all. */
  killAll(): void {
    for (const root of new Set(Array.from(this.seen.values(), (one) => one.root))) this.kill(root);
  }

  /** Stops looking periodically. */
  close(): void {
    clearInterval(this.timer);
  }

  alive(): readonly number[] {
    return [...this.seen.values()].filter(isAlive).map(({ pid }) => pid);
  }

  private see(pid: number, root: number): Seen | undefined {
    const began = beginOf(pid);
    if (began === undefined) return undefined;
    const one = { pid, root, began };
    this.seen.set(pid, one);
    return one;
  }
}

const isAlive = ({ pid, began }: Seen): boolean => beginOf(pid) === began;
