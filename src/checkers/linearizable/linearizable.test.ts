import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkLinearizable } from './linearizable.ts';
import { fifoQueue, mutex, set, unorderedQueue } from './models.ts';

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
