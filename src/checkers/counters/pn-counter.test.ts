import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkPnCounter, explainPnCounter } from './pn-counter.ts';
import { isInRanges, subsetSums } from './subset-sums.ts';

type Row = readonly [type: Op['type'], f: string, value: Json, final?: boolean];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([type, f, value, final], index) => ({
    index,
    time: index,
    process: 0,
    type,
    f,
    value,
    ...(final !== undefined && { final }),
  }));

describe('pn-counter', () => {
  it('accepts the sum of acknowledged deltas with any subset of those in doubt', () => {
    const adds: readonly Row[] = [
      ['ok', 'add', 5],
      ['info', 'add', 3],
      ['info', 'add', -7],
      ['fail', 'add', 100],
    ];
    for (const sum of [5, 8, -2, 1]) {
      expect(checkPnCounter(history(...adds, ['ok', 'read', sum, true]))).toEqual({
        'valid?': true,
        errors: null,
        'final-reads': [sum],
        acceptable: [
          [-2, -2],
          [1, 1],
          [5, 5],
          [8, 8],
        ],
      });
    }
  });

  it('an add that never completed may have happened', () => {
    const open = { index: 0, time: 0, process: 1, type: 'invoke', f: 'add', value: 3 } as const;
    for (const [sum, valid] of [
      [0, true],
      [3, true],
      [1, false],
    ] as const) /* prettier-ignore */ {
      const ops = [open, ...history(['invoke', 'read', null, true], ['ok', 'read', sum, true])];
      expect(checkPnCounter(ops)['valid?']).toBe(valid);
    }
  });

  it('a completion without a value has the invoked delta', () => {
    const adds: readonly Row[] = [
      ['invoke', 'add', 5],
      ['ok', 'add', null],
      ['invoke', 'add', 3],
      ['info', 'add', null],
    ];
    expect(checkPnCounter(history(...adds, ['ok', 'read', 5, true]))['acceptable']).toEqual([
      [5, 5],
      [8, 8],
    ]);
  });

  it('a delta that is not an integer makes the history malformed', () => {
    expect(checkPnCounter(history(['ok', 'add', 1.5], ['ok', 'read', 1.5, true]))).toEqual({
      'valid?': 'unknown',
      error: 'The history is malformed: operation 0 adds 1.5; expected an integer.',
    });
  });

  it('rejects any other final read, names it, and does not check earlier ones', () => {
    const ops = history(
      ['ok', 'add', 2],
      ['ok', 'read', 0],
      ['ok', 'read', 2, true],
      ['ok', 'read', 3, true],
    );
    const result = checkPnCounter(ops);
    expect(result).toMatchObject({ 'valid?': false, errors: [ops[3]], acceptable: [[2, 2]] });
    expect(explainPnCounter(result, () => 'n3')).toMatchInlineSnapshot(
      `"One of 2 final reads is wrong: that of n3 (operation 3) says 3, but the sum of all acknowledged deltas, and any of those in doubt, is 2."`,
    );
  });

  it('the sentence agrees with the number of wrong reads', () => {
    const sentenceOf = (...reads: readonly number[]): string | undefined => {
      const rows = reads.map((value): Row => ['ok', 'read', value, true]);
      return explainPnCounter(checkPnCounter(history(['ok', 'add', 2], ...rows)))?.split(' wrong')[0];
    };
    expect(sentenceOf(3)).toBe('The only final read is');
    expect(sentenceOf(3, 4)).toBe('All 2 final reads are');
    expect(sentenceOf(3, 4, 2)).toBe('2 of 3 final reads are');
    expect(sentenceOf(3, 2, 2)).toBe('One of 3 final reads is');
  });

  it('writes adjacent sums as one range', () => {
    const ones: Row[] = Array.from({ length: 1000 }, () => ['info', 'add', 1]);
    expect(checkPnCounter(history(...ones, ['ok', 'read', 500, true]))['acceptable']).toEqual([[0, 1000]]);
  });

  it('keeps every digit of large sums', () => {
    const big = 2n ** 70n;
    const adds: readonly Row[] = [
      ['ok', 'add', big],
      ['info', 'add', 1],
    ];
    expect(checkPnCounter(history(...adds, ['ok', 'read', big + 1n, true]))['valid?']).toBe(true);
    expect(checkPnCounter(history(...adds, ['ok', 'read', big + 2n, true]))['valid?']).toBe(false);
  });

  it('a final read that is not an integer is wrong', () => {
    expect(checkPnCounter(history(['ok', 'read', '0', true]))['valid?']).toBe(false);
  });

  it('nothing is proved without a final read', () => {
    const result = checkPnCounter(history(['ok', 'add', 1], ['ok', 'read', 1]));
    expect(result['valid?']).toBe('unknown');
    expect(explainPnCounter(result)).toBe(
      'No final read succeeded, so the final value of the counter is unknown.',
    );
    expect(checkPnCounter([])['valid?']).toBe(true);
    expect(checkPnCounter(history(['invoke', 'read', null, true]))['valid?']).toBe('unknown');
    expect(checkPnCounter(history(['invoke', 'add', 1]))['valid?']).toBe('unknown');
  });

  it('does not list the sums of deltas that are far apart, but still knows the bounds', () => {
    const adds = Array.from({ length: 40 }, (_, n): Row => ['info', 'add', 3n ** BigInt(n)]);
    const beyond = 3n ** 41n;
    expect(checkPnCounter(history(...adds, ['ok', 'read', 2, true]))['valid?']).toBe('unknown');
    expect(checkPnCounter(history(...adds, ['ok', 'read', beyond, true]))['valid?']).toBe(false);
  });
});

describe('subset sums', () => {
  it('equal those of every single subset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 20 }),
        fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 9 }),
        (definite, deltas) => {
          const every = new Set([definite]);
          for (const delta of deltas) for (const sum of Array.from(every)) every.add(sum + delta);
          const ranges = subsetSums(BigInt(definite), deltas.map(BigInt)) ?? [];
          const listed = ranges.flatMap(([low, high]) =>
            Array.from({ length: Number(high - low) + 1 }, (_, n) => Number(low) + n),
          );
          expect(listed).toEqual([...every].toSorted((a, b) => a - b));
          for (let sum = -120; sum <= 120; sum++)
            expect(isInRanges(BigInt(sum), ranges)).toBe(every.has(sum));
        },
      ),
    );
  });
});
