/**
 * The interpreter: drives a generator against the clients and the nemesis, and records what happens.
 *
 * It is event-driven: it advances when an operation ends, or at the time that the generator named. Completions are
 * recorded before anything new begins. When an operation ends in `info`, its client is gone: the thread goes on under
 * its next process number, with a new client.
 */
import type { Op, Process } from '../history/op.ts';
import type { Generator, PlannedOp, Thread } from '../generator/generator.ts';
import type { ThreadBoard } from '../generator/thread-board.ts';
import { nothing } from '../generator/operations.ts';
import { causeOf, NO_ORIGIN, Turn, type Causes } from '../world/cause.ts';
import { NANOS_PER_MS, type Clock, type Scheduled } from '../world/clock.ts';
import type { Completion } from '../workloads/workload.ts';
import type { OpDraft } from './records/history-recorder.ts';

/** Carries out operations. Each `done` is called exactly once, synchronously or later. */
export interface Workers {
  /** Runs a client operation on the client of the process. */
  client(
    op: PlannedOp & { readonly process: number },
    thread: number,
    done: (completion: Completion) => void,
  ): void;
  /** Discards the thread's client. */
  retire(thread: number): void;
  nemesis(op: PlannedOp, done: (value: Completion['value']) => void): void;
}

export interface InterpreterOptions {
  readonly clock: Clock;
  readonly board: ThreadBoard;
  readonly workers: Workers;
  readonly record: (draft: OpDraft) => Op;
  /** If given, each operation starts a new chain of causes. */
  readonly causes?: Causes | undefined;
}

/** Runs generators one after another over the same threads and processes. */
export class Interpreter {
  private generator: Generator = nothing;
  private readonly inFlight = new Map<Thread, PlannedOp>();
  private finished: (() => void) | undefined;
  private stepping = false;
  private stopped = false;
  private wake: Scheduled | undefined;
  private wakeNanos = Infinity;
  /** Number of operations begun, by clients and by the nemesis. */
  private readonly begun = { client: 0, nemesis: 0 };

  constructor(private readonly options: InterpreterOptions) {}

  /** Runs a generator until it is exhausted and all its operations have ended. Throws if another one is running. */
  run(generator: Generator, done: () => void): void {
    if (this.finished !== undefined) throw new Error('the interpreter is running a generator already');
    this.generator = generator;
    this.finished = done;
    this.stopped = false;
    this.step();
  }

  /**
   * Begins no more operations and ends the running generator: operations in flight are recorded as `info`, since their
   * outcome will never be known.
   */
  stop(): void {
    if (this.finished === undefined) return;
    this.stopped = true;
    for (const [thread, op] of this.inFlight) {
      this.complete(thread, op, { type: 'info', value: op.value, error: 'interrupted' });
    }
    this.step();
  }

  private step(): void {
    // A worker may finish within the call that starts it; the loop below then picks that up in its next round.
    if (this.stepping || this.finished === undefined) return;
    this.stepping = true;
    const { board, clock } = this.options;
    for (;;) {
      if (this.stopped) break;
      board.timeNanos = clock.nowNanos();
      const next = this.generator.next(board.everyone);
      if (next.kind === 'op') {
        this.generator = next.rest;
        this.begin(next.op);
        continue;
      }
      if (next.kind === 'pending') {
        this.generator = next.rest;
        this.wakeAt(next.untilNanos);
      } else {
        this.generator = nothing;
      }
      this.stepping = false;
      if (next.kind === 'exhausted' && this.inFlight.size === 0) this.finish();
      return;
    }
    this.stepping = false;
    if (this.inFlight.size === 0) this.finish();
  }

  private begin(op: PlannedOp): void {
    const { board, record, workers } = this.options;
    const thread = board.threadOf(op.process);
    board.setBusy(thread, true);
    this.inFlight.set(thread, op);
    this.announce(record(draftOf(op, op.process === 'nemesis' ? 'info' : 'invoke', op.timeNanos, op.value)));
    if (thread === 'nemesis') {
      this.asBeginning('nemesis', op, () =>
        workers.nemesis(op, (value) => {
          if (this.inFlight.get(thread) === op) this.complete(thread, op, { type: 'info', value });
        }),
      );
      return;
    }
    this.asBeginning('client', op, () =>
      workers.client(op as ClientOp, thread, (completion) => {
        // After a stop, late completions are ignored: the operations are already recorded as `info`.
        if (this.inFlight.get(thread) === op) this.complete(thread, op, completion);
      }),
    );
  }

  private asBeginning(kind: 'client' | 'nemesis', op: PlannedOp, work: () => void): void {
    const { causes } = this.options;
    const number = op.label ?? this.begun[kind]++;
    if (causes === undefined) work();
    else causes.during(new Turn(causeOf(0, `operation of ${kind}`, number), NO_ORIGIN), work);
  }

  private complete(thread: Thread, op: PlannedOp, completion: Completion): void {
    const { board, clock, record, workers } = this.options;
    const now = clock.nowNanos();
    board.timeNanos = now;
    this.inFlight.delete(thread);
    const recorded = record(draftOf(op, completion.type, now, completion.value, completion.error));
    this.announce(recorded);
    if (thread !== 'nemesis' && completion.type === 'info') {
      board.replaceProcess(thread);
      workers.retire(thread);
    }
    board.setBusy(thread, false);
    if (!this.stopped) this.step();
  }

  private announce(op: Op): void {
    this.generator = this.generator.update(this.options.board.everyone, op);
  }

  private wakeAt(untilNanos: number): void {
    if (this.wake !== undefined && this.wakeNanos === untilNanos) return;
    this.wake?.cancel();
    this.wake = undefined;
    this.wakeNanos = untilNanos;
    if (untilNanos === Infinity) return;
    const { clock, board } = this.options;
    // A generator that names a time already reached would loop forever without time advancing.
    const atNanos = untilNanos > board.timeNanos ? untilNanos : board.timeNanos + NANOS_PER_MS;
    this.wake = clock.schedule(atNanos, () => {
      this.wake = undefined;
      this.step();
    });
  }

  private finish(): void {
    const { finished } = this;
    if (finished === undefined) return;
    this.finished = undefined;
    this.wake?.cancel();
    this.wake = undefined;
    finished();
  }
}

type ClientOp = PlannedOp & { readonly process: number };

function draftOf(
  op: PlannedOp,
  type: Op['type'],
  time: number,
  value: Op['value'],
  error?: Op['error'],
): OpDraft {
  const { f, final } = op;
  const process: Process = op.process;
  if (error === undefined && final === undefined) return { time, type, process, f, value };
  return {
    time,
    type,
    process,
    f,
    value,
    ...(error === undefined ? {} : { error }),
    ...(final === undefined ? {} : { final }),
  };
}
