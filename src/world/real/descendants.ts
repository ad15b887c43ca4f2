/**
 * What nodes have started, where there are no control groups: looked for again and again while the run goes on, since a process
 * that leaves its group, clears its environment and outlives its parent cannot be traced afterwards.
 *
 * One that is started and left by its parent between two looks is missed, unless it holds a pipe of the node
 * (pipe-holders.ts). Linux only: elsewhere nothing is found.
 */
import { beginOf, childrenOf } from './proc-files.ts';
import { signalOne } from './process-group.ts';

const LOOK_EVERY_MS = 250;
/** Of looking for processes that start others while they are looked for. */
const ROUNDS = 20;

interface Seen {
  readonly pid: number;
  /** The node's process that it descends from. */
  readonly root: number;
  readonly began: string;
}

export class Descendants {
  /** Those that were alive at the last look, by process id. */
  private readonly seen = new Map<number, Seen>();
  private readonly timer: NodeJS.Timeout;
  /** When the first node began, as `beginOf` has it. */
  private firstBegan: string | undefined;

  constructor() {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** A node's process has started. */
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
      // Its id may be that of another process by now.
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
   * SIGKILL for a node's process and what descends from it; says whether there was any. They are stopped first, so that none
   * starts another meanwhile.
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

  /** SIGKILL for all. */
  killAll(): void {
    for (const root of new Set(Array.from(this.seen.values(), (one) => one.root))) this.kill(root);
  }

  /** Takes no more looks by itself. */
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
