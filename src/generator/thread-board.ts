/**
 * Tracks which threads are busy: the context that generators are asked with.
 *
 * The board covers all threads. Views of a range of threads and of a random stream are created once and kept, so asking
 * a generator allocates no memory per thread. Each view has its own round-robin position.
 */
import type { Process } from '../history/op.ts';
import type { Random } from '../world/random.ts';
import type { GeneratorContext, Thread } from './generator.ts';

export interface ThreadBoardOptions {
  /** The number of client threads; the nemesis's thread comes after them. */
  readonly concurrency: number;
  readonly random: Random;
  readonly log?: (line: string) => void;
}

export class ThreadBoard {
  timeNanos = 0;
  replacements = 0;
  readonly concurrency: number;
  readonly log: (line: string) => void;
  private readonly busy: Uint8Array;
  private readonly processes: number[];
  /** A view of all threads, including the nemesis's. */
  readonly everyone: GeneratorContext;

  constructor(options: ThreadBoardOptions) {
    this.concurrency = options.concurrency;
    this.log = options.log ?? (() => undefined);
    this.busy = new Uint8Array(options.concurrency + 1);
    this.processes = Array.from({ length: options.concurrency }, (_, thread) => thread);
    this.everyone = new View(this, 0, options.concurrency + 1, options.random);
  }

  /** Returns the position of a thread: its number, or the last position for the nemesis. */
  positionOf(thread: Thread): number {
    return thread === 'nemesis' ? this.concurrency : thread;
  }

  isBusy(position: number): boolean {
    return this.busy[position] === 1;
  }

  setBusy(thread: Thread, busy: boolean): void {
    this.busy[this.positionOf(thread)] = busy ? 1 : 0;
  }

  processOf(thread: Thread): Process {
    return thread === 'nemesis' ? thread : (this.processes[thread] ?? thread);
  }

  threadOf(process: Process): Thread {
    return process === 'nemesis' ? process : process % this.concurrency;
  }

  /** Gives a client thread its next process; returns the new process number. */
  replaceProcess(thread: number): number {
    const process = (this.processes[thread] ?? thread) + this.concurrency;
    this.processes[thread] = process;
    this.replacements++;
    return process;
  }
}

class View implements GeneratorContext {
  readonly threads: readonly Thread[];
  private turn: number;
  private readonly ranges = new Map<number, View>();
  private readonly streams = new Map<string, View>();

  constructor(
    private readonly board: ThreadBoard,
    private readonly from: number,
    private readonly to: number,
    readonly random: Random,
  ) {
    this.turn = from;
    this.threads = Array.from({ length: to - from }, (_, at) =>
      from + at === board.concurrency ? 'nemesis' : from + at,
    );
  }

  get timeNanos(): number {
    return this.board.timeNanos;
  }

  get replacements(): number {
    return this.board.replacements;
  }

  get freeCount(): number {
    let free = 0;
    for (let at = this.from; at < this.to; at++) if (!this.board.isBusy(at)) free++;
    return free;
  }

  isFree(thread: Thread): boolean {
    const at = this.board.positionOf(thread);
    return at >= this.from && at < this.to && !this.board.isBusy(at);
  }

  nextProcess(): Process | undefined {
    const { board, from, to } = this;
    let at = this.turn;
    for (let step = from; step < to; step++) {
      const after = at + 1 === to ? from : at + 1;
      if (!board.isBusy(at)) {
        this.turn = after;
        return board.processOf(at === board.concurrency ? 'nemesis' : at);
      }
      at = after;
    }
    return undefined;
  }

  processOf(thread: Thread): Process {
    return this.board.processOf(thread);
  }

  threadOf(process: Process): Thread {
    return this.board.threadOf(process);
  }

  restrict(from: number, to: number): GeneratorContext {
    const start = Math.min(this.from + from, this.to);
    const end = Math.max(start, Math.min(this.from + to, this.to));
    const key = start * (this.board.concurrency + 2) + end;
    let view = this.ranges.get(key);
    if (view === undefined) {
      view = new View(this.board, start, end, this.random);
      this.ranges.set(key, view);
    }
    return view;
  }

  stream(name: string): GeneratorContext {
    let view = this.streams.get(name);
    if (view === undefined) {
      view = new View(this.board, this.from, this.to, this.random.child(name));
      this.streams.set(name, view);
    }
    return view;
  }

  log(line: string): void {
    this.board.log(line);
  }
}
