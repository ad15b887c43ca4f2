/** The real world: any program as a child process, in real time. */
import { randomUUID } from 'node:crypto';
import { PacketLineEncoder } from '../packet-line.ts';
import { Random } from '../random.ts';
import type { Deferred, NodeEvents, NodeHandle, NodeSpec, World } from '../world.ts';
import { checkProgram } from './check-program.ts';
import { FlowControl } from './flow-control.ts';
import { NodeProcess } from './node-process.ts';
import { killMarked } from './process-group.ts';
import { RealClock } from './real-clock.ts';

export interface RealWorldOptions {
  readonly seed: number | string;
}

export class RealWorld implements World {
  readonly kind = 'real';
  readonly clock = new RealClock();
  readonly random: Random;
  private readonly runMark = randomUUID();
  private readonly lines = new PacketLineEncoder();
  private readonly flow = new FlowControl();
  /** All that were started, for each has pipes and maybe grandchildren to be cleared away. */
  private readonly nodes: NodeProcess[] = [];
  /** Those that have something to write at the end of this turn. */
  private unflushed: NodeProcess[] = [];

  constructor(options: RealWorldOptions) {
    this.random = Random.fromSeed(options.seed);
  }

  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle {
    checkProgram(spec.bin, process.cwd());
    const node = new NodeProcess(spec, { command: spec.bin, args: spec.args }, events, {
      runMark: this.runMark,
      number: this.nodes.length,
      lines: this.lines,
      flow: this.flow,
      flushSoon: (other) => this.flushSoon(other),
    });
    this.nodes.push(node);
    return node;
  }

  deferred<T>(): Deferred<T> {
    let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
    const promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
    });
    if (settle === undefined) throw new Error('a promise runs its executor at once');
    return { promise, ...settle };
  }

  run<T>(main: () => Promise<T>): Promise<T> {
    return main();
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    killMarked(this.runMark);
    this.clock.close();
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
