import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkCounter, explainCounter } from './counter.ts';

type Row = readonly [process: Op['process'], type: Op['type'], f: string, value?: Json];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value = null], index) => ({
    index,
    time: index * 1e6,
    process,
    type,
    f,
    value,
  }));

describe('counter', () => {
  it('ignores a failed add, even in a read that ended before it failed', () => {
    const ops = history(
      [0, 'invoke', 'add', 1],
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', 1],
      [0, 'fail', 'add', 1],
    );
    expect(checkCounter(ops)).toEqual({ 'valid?': false, reads: [[0, 1, 0]], errors: [[0, 1, 0]] });
  });

  it('describes which reads are out of bounds', () => {
    const read = (value: number): readonly Row[] => [
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', value],
    ];
    const added: readonly Row[] = [[0, 'invoke', 'add', 3], [0, 'ok', 'add', 3]]; // prettier-ignore
    expect(explainCounter(checkCounter(history(...added, ...read(3))))).toBeUndefined();
    expect(explainCounter(checkCounter(history(...added, ...read(4))))).toMatch(
      /^1 of 1 read is out of bounds: the first returned 4, when the counter can have been exactly 3 /,
    );
    const more: Row = [2, 'invoke', 'add', 2];
    expect(explainCounter(checkCounter(history(...added, more, ...read(6), ...read(2), ...read(5))))).toMatch(
      /^2 of 3 reads are out of bounds: the first returned 6, when the counter can have been 3 to 5 /,
    );
  });

  it('keeps every digit', () => {
    const big = 9007199254740993n;
    const ops = history(
      [0, 'invoke', 'add', big],
      [0, 'ok', 'add', big],
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', big],
    );
    expect(checkCounter(ops)).toEqual({ 'valid?': true, reads: [[big, big, big]], errors: [] });
  });

  it('refuses amounts that it cannot check, and names their operation', () => {
    expect(checkCounter(history([0, 'invoke', 'add', -1]))).toEqual({
      'valid?': 'unknown',
      error: 'The history is malformed: operation 0 adds -1; expected an integer that is not negative.',
    });
  });
});
