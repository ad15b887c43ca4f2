import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { isLinearizableByBruteForce, type Interval } from './brute-force.ts';
import { checkLinearizable } from './linearizable.ts';
import { fifoQueue, mutex, register, set, unorderedQueue, type SequentialModel } from './models.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index * 1000, process, type, f, value }));

describe('a mutex', () => {
  it('held by two at once is not linearizable', () => {
    const ops = history([
      [0, 'invoke', 'acquire', null],
      [0, 'ok', 'acquire', null],
      [1, 'invoke', 'acquire', null],
      [1, 'ok', 'acquire', null],
    ]);
    expect(checkLinearizable(mutex, ops)).toMatchObject({
      'valid?': false,
      op: { index: 3 },
      configs: [{ model: true }],
    });
  });

  it('whose release crashed may have been released', () => {
    const ops = history([
      [0, 'invoke', 'acquire', null],
      [0, 'ok', 'acquire', null],
      [0, 'invoke', 'release', null],
      [0, 'info', 'release', null],
      [1, 'invoke', 'acquire', null],
      [1, 'ok', 'acquire', null],
    ]);
    expect(checkLinearizable(mutex, ops)).toEqual({ 'valid?': true });
  });
});

describe('a queue', () => {
  const outOfOrder: Row[] = [
    [0, 'invoke', 'enqueue', 1],
    [0, 'ok', 'enqueue', 1],
    [0, 'invoke', 'enqueue', 2],
    [0, 'ok', 'enqueue', 2],
    [1, 'invoke', 'dequeue', null],
    [1, 'ok', 'dequeue', 2],
  ];
  it('that hands out the second before the first is no FIFO queue but an unordered one', () => {
    expect(checkLinearizable(fifoQueue, history(outOfOrder))['valid?']).toBe(false);
    expect(checkLinearizable(unorderedQueue, history(outOfOrder))['valid?']).toBe(true);
  });
});

describe('a set', () => {
  it('read without an element whose add had completed is not linearizable, whatever the order of elements', () => {
    const adds: Row[] = [
      [0, 'invoke', 'add', 'b'],
      [0, 'ok', 'add', 'b'],
      [0, 'invoke', 'add', 'a'],
      [0, 'ok', 'add', 'a'],
      [1, 'invoke', 'read', null],
    ];
    expect(checkLinearizable(set, history([...adds, [1, 'ok', 'read', ['b', 'a']]]))['valid?']).toBe(true);
    expect(checkLinearizable(set, history([...adds, [1, 'ok', 'read', ['a']]]))['valid?']).toBe(false);
  });
});

describe('every model agrees with brute force on small histories', () => {
  interface Step {
    readonly f: string;
    readonly value: Json;
  }
  const small = fc.integer({ min: 0, max: 1 });
  const of = (f: string, value: fc.Arbitrary<Json>): fc.Arbitrary<Step> =>
    value.map((chosen) => ({ f, value: chosen }));
  const alphabets: readonly (readonly [SequentialModel, fc.Arbitrary<Step>])[] = [
    [mutex, fc.oneof(of('acquire', fc.constant(null)), of('release', fc.constant(null)))],
    [register, fc.oneof(of('write', small), of('read', small))],
    [fifoQueue, fc.oneof(of('enqueue', small), of('dequeue', small))],
    [unorderedQueue, fc.oneof(of('enqueue', small), of('dequeue', small))],
    [set, fc.oneof(of('add', small), of('read', fc.uniqueArray(small)))],
  ];
  it.each(alphabets.map(([model, alphabet]) => ({ name: model.name, model, alphabet })))(
    '$name',
    ({ model, alphabet }) => {
      const verdicts = { linearizable: 0, not: 0 };
      const plan = fc.array(
        fc.record({
          operation: alphabet,
          start: fc.nat(20),
          length: fc.nat(10),
          outcome: fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail'),
        }),
        { maxLength: 7 },
      );
      fc.assert(
        fc.property(plan, (operations) => {
          const events = operations
            .flatMap((entry, process) => [
              { at: entry.start * 100 + process, process, entry, type: 'invoke' as const },
              { at: (entry.start + entry.length) * 100 + 50 + process, process, entry, type: entry.outcome },
            ])
            .toSorted((a, b) => a.at - b.at);
          const ops = events.map((event, index): Op => ({
            index,
            time: event.at,
            type: event.type,
            process: event.process,
            ...event.entry.operation,
          }));
          const intervals = operations.flatMap((entry, process): Interval<Step>[] => {
            if (entry.outcome === 'fail') return [];
            const invoked = events.findIndex((event) => event.process === process && event.type === 'invoke');
            const returned = events.findIndex(
              (event) => event.process === process && event.type !== 'invoke',
            );
            return [
              {
                operation: entry.operation,
                invoked,
                returned: entry.outcome === 'ok' ? returned : undefined,
              },
            ];
          });
          const expected = isLinearizableByBruteForce(intervals, model.init, (state, step) =>
            model.step(state, step.f, step.value),
          );
          verdicts[expected ? 'linearizable' : 'not']++;
          expect(checkLinearizable(model, ops)['valid?']).toBe(expected);
        }),
        { numRuns: 1000 },
      );
      expect(Math.min(verdicts.linearizable, verdicts.not)).toBeGreaterThan(50);
    },
  );
});
