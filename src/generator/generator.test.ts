import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trace } from '../../test/support/generator-trace.ts';
import type { Op } from '../history/op.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { Random } from '../world/random.ts';
import { any, flipFlop, mix } from './choosing.ts';
import { pending, type Generator } from './generator.ts';
import { log, nothing, one, repeatedly, unfold } from './operations.ts';
import { concat, cycle, limit, once, phases, repeat, sequence } from './ordering.ts';
import { delay, sleep, stagger, timeLimit } from './pacing.ts';
import { clients, eachThread, nemesis, onUpdate, processLimit, reserve, stream } from './threads.ts';

const invocations = (ops: readonly Op[]): Op[] => ops.filter((op) => op.type === 'invoke');
const names = (ops: readonly Op[]): string[] => invocations(ops).map((op) => op.f);
const seconds = (ops: readonly Op[]): number[] => invocations(ops).map((op) => op.time / NANOS_PER_SECOND);
const ops = (...fs: readonly string[]): Generator => sequence(fs.map((f) => one({ f })));
const always = (f: string): Generator => repeatedly(() => ({ f }));

/** Counts from 0, drawing its own random numbers meanwhile. */
const counter = (f: string): Generator => unfold(0, (n) => [{ f, value: n }, n + 1]);

describe('leaves', () => {
  test('one operation happens once, with value null if it has none', () => {
    expect(trace(clients(one({ f: 'read', final: true })))).toEqual([
      { index: 0, time: 0, type: 'invoke', process: 0, f: 'read', value: null, final: true },
      { index: 1, time: 1000, type: 'ok', process: 0, f: 'read', value: null, final: true },
    ]);
  });

  test('a function is called for every operation, until it returns undefined', () => {
    let left = 3;
    const generator = clients(repeatedly(() => (left-- > 0 ? { f: 'count', value: left } : undefined)));
    expect(invocations(trace(generator)).map((op) => op.value)).toEqual([2, 1, 0]);
  });

  test('a function is not called while no thread is free for its operation', () => {
    let calls = 0;
    const generator = repeatedly(() => ({ f: 'call', value: calls++ }));
    const done = trace(clients(any(generator, stagger(1, generator))), { limit: 50 });
    expect(invocations(done).map((op) => op.value)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('a log line is written when its turn comes, and produces no operation', () => {
    const lines: string[] = [];
    const done = trace(clients(concat(one({ f: 'a' }), log('between'), one({ f: 'b' }))), {
      log: (line) => lines.push(line),
    });
    expect([names(done), lines]).toEqual([['a', 'b'], ['between']]);
  });
});

describe('order', () => {
  test('a sequence yields each generator to its end, in order', () => {
    expect(names(trace(clients(sequence([ops('a', 'b'), nothing, ops('c')]))))).toEqual(['a', 'b', 'c']);
  });

  test('limit, once, repeat and cycle do what their names say', () => {
    expect(names(trace(clients(limit(2, ops('a', 'b', 'c')))))).toEqual(['a', 'b']);
    expect(names(trace(clients(once(ops('a', 'b')))))).toEqual(['a']);
    expect(names(trace(clients(repeat(ops('a', 'b'), 3))))).toEqual(['a', 'a', 'a']);
    expect(names(trace(clients(cycle(ops('a', 'b'), 2))))).toEqual(['a', 'b', 'a', 'b']);
    expect(names(trace(clients(limit(5, cycle(ops('a', 'b'))))))).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  test('a cycle whose rounds yield nothing ends', () => {
    expect(trace(clients(cycle(sequence([nothing, nothing]))))).toEqual([]);
  });

  test('a phase begins only when every operation of the previous one has ended, including the nemesis', () => {
    const slow = (op: { readonly process: unknown }) =>
      ({ afterNanos: op.process === 'nemesis' ? 9000 : 1000, type: 'ok' }) as const;
    const before = any(clients(eachThread(one({ f: 'before' }))), nemesis(one({ f: 'fault' })));
    const done = trace(phases(before, clients(one({ f: 'after' }))), { concurrency: 3, ending: slow });
    expect(invocations(done).find((op) => op.f === 'after')?.time).toBe(9000);
  });

  test('a plain sequence does not wait for operations to end', () => {
    const done = trace(clients(ops('a', 'b')), { concurrency: 2 });
    expect(seconds(done)).toEqual([0, 0]);
  });
});

describe('choice', () => {
  test('flip-flop alternates, and stops when the one whose turn it is has ended', () => {
    expect(names(trace(clients(flipFlop(always('start'), ops('stop', 'stop')))))).toEqual([
      'start',
      'stop',
      'start',
      'stop',
      'start',
    ]);
  });

  test('a mix takes each member about equally often, and drops members that have ended', () => {
    const done = names(trace(clients(mix(always('a'), always('b'), ops('c'))), { limit: 1000 }));
    expect(done.filter((f) => f === 'c')).toHaveLength(1);
    expect(done.filter((f) => f === 'a').length).toBeGreaterThan(400);
    expect(done.filter((f) => f === 'b').length).toBeGreaterThan(400);
  });

  test('a mix keeps its choice while that member is pending', () => {
    // If it chose anew each time it is asked, the eager member would win nearly always.
    const held = mix(delay(1, always('slow')), delay(1, always('slow too')));
    const done = trace(clients(held), { limit: 400 });
    const slow = names(done).filter((f) => f === 'slow').length;
    expect(slow).toBeGreaterThan(150);
    expect(slow).toBeLessThan(250);
  });

  test('any continues while one member has operations, and ends when all have', () => {
    expect(names(trace(clients(any(ops('a', 'a'), ops('b'))))).toSorted()).toEqual(['a', 'a', 'b']);
    expect(trace(clients(any()))).toEqual([]);
  });

  test('any takes members that are ready at the same time about equally often', () => {
    const done = names(trace(clients(any(always('a'), always('b'))), { limit: 1000 }));
    expect(Math.abs(done.filter((f) => f === 'a').length - 500)).toBeLessThan(100);
  });

  test('no yielded operation is discarded', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 6 }), (seed, concurrency) => {
        const each = (f: string) => limit(20, counter(f));
        const all = any(stagger(0.001, each('a')), mix(each('b'), each('c')), flipFlop(each('d'), each('e')));
        const done = invocations(trace(clients(all), { seed, concurrency }));
        for (const f of ['a', 'b', 'c', 'd', 'e']) {
          const values = done.filter((op) => op.f === f).map((op) => op.value);
          expect(values).toEqual(Array.from({ length: 20 }, (_, n) => n));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('time', () => {
  test('stagger begins at once and keeps gaps between 0 and twice the mean', () => {
    const times = seconds(trace(clients(stagger(0.1, always('a'))), { limit: 2000 }));
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(times[0]).toBe(0);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(0.2 + 1e-9);
    expect(gaps.reduce((sum, gap) => sum + gap) / gaps.length).toBeCloseTo(0.1, 2);
  });

  test('stagger catches up after all threads were busy', () => {
    const firstTakesLong = (op: { readonly value: unknown }) =>
      ({ afterNanos: op.value === 0 ? NANOS_PER_SECOND : 0, type: 'ok' }) as const;
    const generator = clients(timeLimit(10, stagger(0.01, counter('a'))));
    const late = seconds(trace(generator, { concurrency: 1, ending: firstTakesLong, limit: 5000 }));
    expect(late.length).toBeGreaterThan(950);
    expect(late.filter((time) => time >= 1 && time < 1.001).length).toBeGreaterThan(80);
  });

  test('an operation is due at its time, not when the timer fires', () => {
    const staggered = delay(1, always('a'));
    const done = trace(clients(staggered), { limit: 3 });
    expect(seconds(done)).toEqual([0, 1, 2]);
  });

  test('sleep lasts as long as given and leaves nothing in the history', () => {
    expect(seconds(trace(clients(concat(sleep(2), one({ f: 'a' })))))).toEqual([2]);
  });

  test('a time limit counts from the first operation and cuts off what would come later', () => {
    const limited = concat(sleep(5), timeLimit(1, delay(0.4, always('a'))), always('after'));
    const done = trace(clients(limited), { limit: 4 });
    expect(invocations(done).map((op) => [op.f, op.time / NANOS_PER_SECOND])).toEqual([
      ['a', 5],
      ['a', 5.4],
      ['a', 5.8],
      ['after', 6],
    ]);
  });

  test('a time limit ends a generator that only sleeps', () => {
    expect(seconds(trace(clients(concat(timeLimit(1, sleep(60)), one({ f: 'a' })))))).toEqual([1]);
  });

  test('a time limit without a free thread starts no clock', () => {
    const limited = concat(one({ f: 'long' }), timeLimit(1, delay(0.6, always('a'))));
    const ending = (op: { readonly f: string }) =>
      ({ afterNanos: op.f === 'long' ? 3 * NANOS_PER_SECOND : 0, type: 'ok' }) as const;
    expect(seconds(trace(clients(limited), { concurrency: 1, ending }))).toEqual([0, 3, 3.6]);
  });
});

describe('threads', () => {
  test('processes take turns', () => {
    const done = trace(clients(limit(7, delay(1, always('a')))), { concurrency: 3 });
    expect(invocations(done).map((op) => op.process)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  test('a busy thread is skipped', () => {
    const ending = (op: { readonly process: unknown }) =>
      ({ afterNanos: op.process === 1 ? 100 * NANOS_PER_SECOND : 0, type: 'ok' }) as const;
    const done = trace(clients(limit(5, delay(1, always('a')))), { concurrency: 3, ending });
    expect(invocations(done).map((op) => op.process)).toEqual([0, 1, 2, 0, 2]);
  });

  test('clients never use the nemesis thread, and the nemesis no other', () => {
    const done = trace(any(clients(limit(50, always('c'))), nemesis(limit(5, always('n')))));
    for (const op of done) expect(op.process === 'nemesis').toBe(op.f === 'n');
    expect(done.filter((op) => op.f === 'n')).toHaveLength(10);
  });

  test('each thread runs its own copy', () => {
    const done = trace(clients(eachThread(ops('a', 'b'))), { concurrency: 3 });
    for (const process of [0, 1, 2]) {
      expect(names(done.filter((op) => op.process === process))).toEqual(['a', 'b']);
    }
  });

  test('reserve keeps each share of the threads for its generator', () => {
    const generator = clients(
      reserve(
        [
          [1, always('write')],
          [2, always('cas')],
        ],
        always('read'),
      ),
    );
    const done = invocations(trace(generator, { concurrency: 5, limit: 200 }));
    for (const op of done) {
      expect(op.f).toBe(op.process === 0 ? 'write' : op.process === 1 || op.process === 2 ? 'cas' : 'read');
    }
    expect(new Set(done.map((op) => op.process)).size).toBe(5);
  });

  test('a process that ended in doubt never returns; its thread continues as process + concurrency', () => {
    const ending = () => ({ afterNanos: 1000, type: 'info' }) as const;
    const done = trace(clients(limit(6, always('a'))), { concurrency: 2, ending });
    expect(invocations(done).map((op) => op.process)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a process limit ends after that many processes', () => {
    const ending = () => ({ afterNanos: 1000, type: 'info' }) as const;
    const done = trace(clients(processLimit(6, always('a'))), { concurrency: 2, ending });
    expect(new Set(done.map((op) => op.process)).size).toBe(6);
  });

  test('an update reaches the copy of its thread', () => {
    const untilOk = onUpdate((inner, event) => (event.type === 'ok' ? nothing : inner), always('try'));
    const tries = new Map<unknown, number>();
    const ending = ({ process }: { readonly process: unknown }) => {
      const count = (tries.get(process) ?? 0) + 1;
      tries.set(process, count);
      return { afterNanos: 1000, type: count > Number(process) ? 'ok' : 'fail' } as const;
    };
    trace(clients(eachThread(untilOk)), { concurrency: 4, ending });
    expect([...tries.values()]).toEqual([1, 2, 3, 4]);
  });
});

describe('randomness', () => {
  const draws = (f: string) => repeatedly((random) => ({ f, value: random.int(1_000_000) }));
  const valuesOf = (done: readonly Op[], f: string) =>
    invocations(done)
      .filter((op) => op.f === f)
      .map((op) => op.value);

  test('the same seed gives the same operations', () => {
    const generator = () => clients(limit(100, any(stagger(0.01, draws('a')), mix(draws('b'), draws('c')))));
    expect(trace(generator(), { seed: 'x' })).toEqual(trace(generator(), { seed: 'x' }));
    expect(trace(generator(), { seed: 'x' })).not.toEqual(trace(generator(), { seed: 'y' }));
  });

  test('a generator with its own stream draws the same, whatever happens next to it', () => {
    const watched = stream('watched', limit(20, stagger(0.01, draws('a'))));
    const alone = trace(clients(watched), { concurrency: 4 });
    const ending = () => ({ afterNanos: 777, type: 'fail' }) as const;
    const beside = trace(clients(any(watched, limit(500, draws('b')))), { concurrency: 4, ending });
    expect(valuesOf(beside, 'a')).toEqual(valuesOf(alone, 'a'));
  });

  test('asking without a result draws nothing', () => {
    const impatient = (inner: Generator): Generator => ({
      next(context) {
        const next = inner.next(context);
        if (next.kind !== 'pending')
          return next.kind === 'op' ? { ...next, rest: impatient(next.rest) } : next;
        return pending(impatient(next.rest), Math.min(next.untilNanos, context.timeNanos + 1_000_000));
      },
      update: (context, event) => impatient(inner.update(context, event)),
    });
    const generator = () => stagger(0.01, mix(draws('a'), draws('b')));
    const patient = invocations(trace(clients(generator()), { limit: 200 }));
    const pestered = invocations(trace(clients(impatient(generator())), { limit: 200 }));
    expect(pestered).toEqual(patient);
  });
});

test('a view of a stream continues where that stream was', () => {
  const whole = Random.fromSeed('s').child('name');
  const expected = [whole.int(100), whole.int(100)];
  const drawOne = stream(
    'name',
    repeatedly((random) => ({ f: 'draw', value: random.int(100) })),
  );
  const done = trace(clients(concat(once(drawOne), once(drawOne))), { seed: 's' });
  expect(invocations(done).map((op) => op.value)).toEqual(expected);
});
