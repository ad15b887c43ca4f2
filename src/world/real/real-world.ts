/** The real world: any program as a child process, in real time. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../protocol/user-error.ts';
import { PacketLineEncoder } from '../packet-line.ts';
import { Random } from '../random.ts';
import { takeRejections, type TakeRejection, type Taking } from '../rejections.ts';
import type { Deferred, LeftProcess, NodeEvents, NodeHandle, NodeSpec, World } from '../world.ts';
import { checkProgram } from './program/check-program.ts';
import type { RunMarks } from './processes/exit-guard.ts';
import { FlowControl } from './flow-control.ts';
import { closeSparePipes } from './named-pipes.ts';
import { machineProblem } from './machine-limits.ts';
import { NodeProcess, type ProcessSurroundings } from './node-process.ts';
import { Descendants } from './processes/descendants.ts';
import { commandOf, orphansSince } from './processes/orphans.ts';
import { killMarked } from './processes/process-group.ts';
import { RealClock } from './real-clock.ts';
import { RunCgroup } from './processes/run-cgroup.ts';

export interface RealWorldOptions {
  readonly seed: number | string;
}

/** Processes that were just killed may still be ending. */
const CLOSE_TRIES = 40;
const CLOSE_AGAIN_MS = 5;

export class RealWorld implements World {
  readonly kind = 'real';
  readonly clock = new RealClock();
  readonly random: Random;
  readonly startsAtOnce = Math.max(8, 4 * availableParallelism());
  private readonly mark = randomUUID();
  /** Created with the first node. */
  private marksMade: RunMarks | undefined;
  private leftProcesses: readonly LeftProcess[] = [];
  private taking: Taking | undefined;
  private readonly lines = new PacketLineEncoder();
  private readonly flow = new FlowControl();
  /** Nodes of which something is left: a process, a pipe, or something they started. */
  private readonly nodes = new Set<NodeProcess>();
  private started = 0;
  /** Nodes that have something to write at the end of this turn. */
  private unflushed: NodeProcess[] = [];

  constructor(options: RealWorldOptions) {
    this.random = Random.fromSeed(options.seed);
  }

  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle {
    checkProgram(spec.bin, process.cwd());
    const around: ProcessSurroundings = {
      marks: this.marks,
      number: this.started++,
      lines: this.lines,
      flow: this.flow,
      nowNanos: () => this.clock.nowNanos(),
      flushSoon: (node) => this.flushSoon(node),
      onCleared: (node) => this.nodes.delete(node),
    };
    try {
      const node = new NodeProcess(spec, { command: spec.bin, args: spec.args }, events, around);
      this.nodes.add(node);
      return node;
    } catch (error) {
      // The system's own message: an unknown executable format, too many processes, ...
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      const problem = machineProblem(error, spec.name);
      if (problem !== undefined) throw problem;
      throw new UserError(`${spec.name} (${spec.bin}) cannot be started: ${(error as Error).message}.`);
    }
  }

  deferred<T>(): Deferred<T> {
    let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
    const promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
    });
    if (settle === undefined) throw new Error('a promise runs its executor at once');
    return { promise, ...settle };
  }

  run<T>(main: () => Promise<T>, take?: TakeRejection): Promise<T> {
    if (take === undefined) return main();
    this.taking = takeRejections(take);
    return main().finally(() => this.taking?.giveBack());
  }

  async close(): Promise<void> {
    // A run whose world is closed may never end by itself.
    this.taking?.giveBack();
    await Promise.all([...this.nodes].map((node) => node.stop()));
    killMarked(this.mark);
    await this.endDescendants();
    const cgroup = this.marksMade?.cgroup;
    for (let tries = 0; cgroup?.close() === false && tries < CLOSE_TRIES; tries++) await wait(CLOSE_AGAIN_MS);
    closeSparePipes();
    this.clock.close();
  }

  leftBehind(): readonly LeftProcess[] {
    return this.leftProcesses;
  }

  private get marks(): RunMarks {
    if (this.marksMade === undefined) {
      const cgroup = RunCgroup.make(this.mark);
      const descendants = cgroup === undefined ? new Descendants() : undefined;
      this.marksMade = { mark: this.mark, cgroup, descendants };
    }
    return this.marksMade;
  }

  /**
   * Used where there are no control groups. Kills the descendants of nodes, and records which processes are left
   * because they belong to another user or hide well.
   */
  private async endDescendants(): Promise<void> {
    const descendants = this.marksMade?.descendants;
    if (descendants === undefined) return;
    descendants.killAll();
    descendants.close();
    for (let tries = 0; descendants.alive().length > 0 && tries < CLOSE_TRIES; tries++)
      await wait(CLOSE_AGAIN_MS);
    const alive = descendants.alive();
    const suspects = descendants.began === undefined ? [] : orphansSince(descendants.began);
    this.leftProcesses = [...new Set([...alive, ...suspects])].map((pid) => ({
      pid,
      command: commandOf(pid),
      isCertain: alive.includes(pid),
    }));
  }

  private flushSoon(node: NodeProcess): void {
    if (this.unflushed.length === 0) setImmediate(this.flushAll);
    this.unflushed.push(node);
  }

  private readonly flushAll = (): void => {
    const nodes = this.unflushed;
    this.unflushed = [];
    for (const node of nodes) node.flush();
  };
}
