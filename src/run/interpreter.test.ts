import { describe, expect, test } from 'vitest';
import { any } from '../generator/choosing.ts';
import { pending, type Generator, type PlannedOp } from '../generator/generator.ts';
import { one, repeatedly } from '../generator/operations.ts';
import { limit, phases, sequence } from '../generator/ordering.ts';
import { delay, sleep, timeLimit } from '../generator/pacing.ts';
import { ThreadBoard } from '../generator/thread-board.ts';
import { clients, nemesis } from '../generator/threads.ts';
import type { Op } from '../history/op.ts';
import type { Clock } from '../world/clock.ts';
import { EventQueue } from '../world/event-queue.ts';
import { Random } from '../world/random.ts';
import type { Completion } from '../workloads/workload.ts';
import { HistoryRecorder } from './records/history-recorder.ts';
import { Interpreter } from './interpreter.ts';

const OK: Completion = { type: 'ok', value: null };

/** Decides how an operation ends, by calling `done` now or by way of the clock. */
type Worker = (op: PlannedOp, done: (completion: Completion) => void, clock: Clock) => void;

/** An interpreter on a virtual clock whose timers fire late by `lateNanos`. */
class Bench {
  readonly history: Op[] = [];
  readonly retired: number[] = [];
  readonly interpreter: Interpreter;
  nowNanos = 0;
  events = 0;
  private readonly queue = new EventQueue();
  private readonly clock: Clock;

  constructor(worker: Worker, options: { readonly concurrency?: number; readonly lateNanos?: number } = {}) {
    const { concurrency = 2, lateNanos = 0 } = options;
    this.clock = {
      nowNanos: () => this.nowNanos,
      schedule: (at, run) => this.queue.push(Math.max(at, this.nowNanos) + lateNanos, run),
    };
    const recorder = new HistoryRecorder([(op) => void this.history.push(op)]);
    this.interpreter = new Interpreter({
      clock: this.clock,
      board: new ThreadBoard({ concurrency, random: Random.fromSeed('bench') }),
      record: (draft) => recorder.record(draft),
      workers: {
        client: (op, _thread, done) => worker(op, done, this.clock),
        retire: (thread) => void this.retired.push(thread),
        nemesis: (op, done) => worker(op, ({ value }) => done(value), this.clock),
      },
    });
  }

  /** Runs to the end, or to that time; returns whether the generator finished. */
  run(generator: Generator, untilNanos = Infinity): boolean {
    let finished = false;
    this.interpreter.run(generator, () => {
      finished = true;
    });
    this.turn(untilNanos);
    return finished;
  }

  turn(untilNanos = Infinity): void {
    for (;;) {
      const next = this.queue.nextNanos();
      if (next === undefined || next > untilNanos) return;
      this.nowNanos = next;
      this.events++;
      this.queue.pop()?.run();
    }
  }

  get shape(): string[] {
    return this.history.map(({ type, process, f }) => `${process} ${type} ${f}`);
  }
}

const after =
  (nanos: number, completion: Completion = OK): Worker =>
  (_, done, clock) =>
    void clock.schedule(clock.nowNanos() + nanos, () => done(completion));

const atOnce: Worker = (_, done) => done(OK);

describe('the interpreter', () => {
  test('records each operation when it begins and when it ends', () => {
    const bench = new Bench(after(500));
    expect(bench.run(clients(one({ f: 'read', final: true })))).toBe(true);
    expect(bench.history).toEqual([
      { index: 0, time: 0, type: 'invoke', process: 0, f: 'read', value: null, final: true },
      { index: 1, time: 500, type: 'ok', process: 0, f: 'read', value: null, final: true },
    ]);
  });

  test('keeps all threads busy, and never gives one two operations at a time', () => {
    const bench = new Bench(after(100), { concurrency: 5 });
    bench.run(
      clients(
        limit(
          200,
          repeatedly(() => ({ f: 'a' })),
        ),
      ),
    );
    const open = new Set<unknown>();
    let most = 0;
    for (const { type, process } of bench.history) {
      expect(open.has(process)).toBe(type !== 'invoke');
      if (type === 'invoke') open.add(process);
      else open.delete(process);
      most = Math.max(most, open.size);
    }
    expect([most, open.size]).toEqual([5, 0]);
  });

  test('handles any number of operations that end within the call that begins them', () => {
    const bench = new Bench(atOnce);
    expect(
      bench.run(
        clients(
          limit(
            100_000,
            repeatedly(() => ({ f: 'a' })),
          ),
        ),
      ),
    ).toBe(true);
    expect(bench.history).toHaveLength(200_000);
  });

  test('replaces a process whose operation ended in doubt, and retires its client', () => {
    const bench = new Bench(after(10, { type: 'info', value: null, error: 'net-timeout' }), {
      concurrency: 3,
    });
    bench.run(
      clients(
        limit(
          7,
          repeatedly(() => ({ f: 'a' })),
        ),
      ),
    );
    expect(bench.history.filter(({ type }) => type === 'invoke').map(({ process }) => process)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    expect(bench.retired).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  test('keeps the process and the client of an operation that failed', () => {
    const bench = new Bench(after(10, { type: 'fail', value: null }), { concurrency: 1 });
    bench.run(
      clients(
        limit(
          3,
          repeatedly(() => ({ f: 'a' })),
        ),
      ),
    );
    expect(new Set(bench.history.map(({ process }) => process))).toEqual(new Set([0]));
    expect(bench.retired).toEqual([]);
  });

  test('records operations of the nemesis as info, both times', () => {
    const bench = new Bench(after(10, { type: 'ok', value: 'done' }));
    bench.run(nemesis(one({ f: 'break', value: 'it' })));
    expect(bench.history.map(({ type, process, value }) => [type, process, value])).toEqual([
      ['info', 'nemesis', 'it'],
      ['info', 'nemesis', 'done'],
    ]);
  });

  test('lets the nemesis work while all clients are busy', () => {
    const bench = new Bench((op, done, clock) => after(op.process === 'nemesis' ? 1 : 1000)(op, done, clock));
    bench.run(
      any(
        clients(
          limit(
            2,
            repeatedly(() => ({ f: 'a' })),
          ),
        ),
        nemesis(sequence([sleep(100e-9), one({ f: 'break' })])),
      ),
    );
    expect(bench.shape.slice(0, 4)).toEqual([
      '0 invoke a',
      '1 invoke a',
      'nemesis info break',
      'nemesis info break',
    ]);
  });

  test('keeps the rate although its timer always fires late', () => {
    const bench = new Bench(after(1000), { concurrency: 4, lateNanos: 700_000 });
    bench.run(
      clients(
        timeLimit(
          10,
          delay(
            0.001,
            repeatedly(() => ({ f: 'a' })),
          ),
        ),
      ),
    );
    expect(bench.history.filter(({ type }) => type === 'invoke').length).toBeGreaterThan(9_900);
  });

  test('records a delayed operation with the time at which it was due', () => {
    const bench = new Bench(after(1), { lateNanos: 300 });
    bench.run(
      clients(
        limit(
          3,
          delay(
            1e-6,
            repeatedly(() => ({ f: 'a' })),
          ),
        ),
      ),
    );
    expect(bench.history.filter(({ type }) => type === 'invoke').map(({ time }) => time)).toEqual([
      0, 1000, 2000,
    ]);
  });

  test('sleeps without polling: one wake-up for a long sleep', () => {
    const bench = new Bench(atOnce);
    bench.run(clients(sleep(1000)));
    expect([bench.events, bench.nowNanos]).toEqual([1, 1000e9]);
  });

  test('does not spin on a generator that waits for a time in the past', () => {
    const stuck: Generator = { next: () => pending(stuck, 0), update: () => stuck };
    const bench = new Bench(atOnce);
    expect(bench.run(stuck, 1e9)).toBe(false);
    expect(bench.events).toBeLessThanOrEqual(1000);
  });

  test('runs one generator after another over the same processes', () => {
    const bench = new Bench(after(10, { type: 'info', value: null }), { concurrency: 1 });
    bench.run(clients(one({ f: 'first' })));
    bench.run(clients(one({ f: 'second' })));
    expect(bench.shape).toEqual(['0 invoke first', '0 info first', '1 invoke second', '1 info second']);
    expect(bench.history.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  test('waits at the end for operations in flight', () => {
    const bench = new Bench(after(5e9));
    expect(
      bench.run(
        clients(
          timeLimit(
            1,
            delay(
              0.4,
              repeatedly(() => ({ f: 'a' })),
            ),
          ),
        ),
      ),
    ).toBe(true);
    expect(bench.history).toHaveLength(4);
    expect(bench.nowNanos).toBe(5.4e9);
  });

  test('phases are kept apart', () => {
    const bench = new Bench(after(100));
    bench.run(
      phases(
        clients(
          limit(
            2,
            repeatedly(() => ({ f: 'a' })),
          ),
        ),
        clients(one({ f: 'b' })),
      ),
    );
    expect(bench.shape.slice(-2)).toEqual(['0 invoke b', '0 ok b']);
  });
});

describe('stopping', () => {
  test('ends at once; operations in flight are in doubt, and their late replies are ignored', () => {
    const bench = new Bench(after(5e9));
    let finished = 0;
    bench.interpreter.run(clients(repeatedly(() => ({ f: 'a', value: 'asked' }))), () => finished++);
    bench.turn(1e9);
    bench.interpreter.stop();
    expect(finished).toBe(1);
    expect(bench.history.slice(2).map(({ type, value, error }) => [type, value, error])).toEqual([
      ['info', 'asked', 'interrupted'],
      ['info', 'asked', 'interrupted'],
    ]);
    bench.turn();
    expect([bench.history.length, finished]).toEqual([4, 1]);
  });

  test('while nothing is in flight only ends the wait', () => {
    const bench = new Bench(atOnce);
    let finished = 0;
    bench.interpreter.run(clients(sleep(1000)), () => finished++);
    bench.interpreter.stop();
    bench.interpreter.stop();
    expect([finished, bench.history]).toEqual([1, []]);
  });
});
