/**
 * Runs a generator on its own, without real time, against operations of given durations, for tests of generators and
 * workloads.
 */
import type { Op } from '../../src/history/op.ts';
import { Random } from '../../src/world/random.ts';
import type { Generator, PlannedOp, Thread } from '../../src/generator/generator.ts';
import { ThreadBoard } from '../../src/generator/thread-board.ts';

export interface TraceOptions {
  readonly concurrency?: number;
  readonly seed?: string;
  /** Returns after how many nanoseconds an operation ends, and how; by default after 1000 ns, as ok. */
  readonly ending?: (op: PlannedOp) => Ending;
  /** Stops after this many operations; default 1000. */
  readonly limit?: number;
  readonly log?: (line: string) => void;
}

export interface Ending {
  readonly afterNanos: number;
  readonly type: 'ok' | 'fail' | 'info';
}

/** Returns all invocations and completions until the generator is exhausted, the limit is reached, or it deadlocks. */
export function trace(generator: Generator, options: TraceOptions = {}): Op[] {
  const { concurrency = 2, seed = 'trace', limit = 1000, log } = options;
  const ending = options.ending ?? (() => ({ afterNanos: 1000, type: 'ok' as const }));
  const random = Random.fromSeed(seed);
  const board = new ThreadBoard({ concurrency, random, ...(log === undefined ? {} : { log }) });
  const ops: Op[] = [];
  const running: {
    readonly thread: Thread;
    readonly op: PlannedOp;
    readonly at: number;
    readonly end: Ending;
  }[] = [];
  let current = generator;
  let planned = 0;
  const record = (op: PlannedOp, type: Op['type'], time: number): void => {
    const { process, f, value, final } = op;
    const index = ops.length;
    const recorded = { index, time, type, process, f, value, ...(final === undefined ? {} : { final }) };
    ops.push(recorded);
    current = current.update(board.everyone, recorded);
  };
  for (;;) {
    const next = planned < limit ? current.next(board.everyone) : ({ kind: 'exhausted' } as const);
    if (next.kind === 'op') {
      planned++;
      const { op } = next;
      current = next.rest;
      const thread = board.threadOf(op.process);
      if (board.isBusy(board.positionOf(thread)))
        throw new Error(`thread ${thread} was given two operations`);
      board.setBusy(thread, true);
      record(op, thread === 'nemesis' ? 'info' : 'invoke', op.timeNanos);
      const end = ending(op);
      running.push({ thread, op, at: board.timeNanos + end.afterNanos, end });
      continue;
    }
    if (next.kind === 'pending') current = next.rest;
    const untilNanos = next.kind === 'pending' ? next.untilNanos : Infinity;
    const first = running.reduce((least, { at }) => Math.min(least, at), Infinity);
    if (first === Infinity && untilNanos === Infinity) return ops;
    if (untilNanos < first) {
      if (untilNanos <= board.timeNanos) throw new Error('a generator waits for a time that has come');
      board.timeNanos = untilNanos;
      continue;
    }
    const at = running.findIndex((candidate) => candidate.at === first);
    const [ended] = running.splice(at, 1);
    if (ended === undefined) return ops;
    board.timeNanos = first;
    record(ended.op, ended.thread === 'nemesis' ? 'info' : ended.end.type, first);
    if (ended.thread !== 'nemesis' && ended.end.type === 'info') board.replaceProcess(ended.thread);
    board.setBusy(ended.thread, false);
  }
}
