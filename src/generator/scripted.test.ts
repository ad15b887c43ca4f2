import { expect, it } from 'vitest';
import { trace } from '../../test/support/generator-trace.ts';
import { scripted, type ScriptedOp } from './scripted.ts';

const op = (label: number, thread: number, atNanos: number): ScriptedOp => ({
  label,
  thread,
  atNanos,
  f: 'echo',
  value: label,
});

const invoked = (ops: readonly ScriptedOp[], lastsNanos: number): (readonly [unknown, unknown, number])[] =>
  trace(scripted(ops), { concurrency: 3, ending: () => ({ afterNanos: lastsNanos, type: 'ok' }) })
    .filter(({ type }) => type === 'invoke')
    .map(({ value, process, time }) => [value, process, time]);

it('operations begin at their times, on their threads', () => {
  expect(invoked([op(5, 1, 0), op(6, 0, 200), op(7, 1, 700)], 10)).toEqual([
    [5, 1, 0],
    [6, 0, 200],
    [7, 1, 700],
  ]);
});

it('an operation whose thread is busy begins when it is free, and delays no other thread', () => {
  expect(invoked([op(0, 0, 0), op(1, 0, 100), op(2, 1, 150), op(3, 0, 400)], 300)).toEqual([
    [0, 0, 0],
    [2, 1, 150],
    [1, 0, 300],
    [3, 0, 600],
  ]);
});

it('a thread continues under its next process number after an operation in doubt', () => {
  const ops = trace(scripted([op(0, 1, 0), op(1, 1, 10)]), {
    concurrency: 3,
    ending: () => ({ afterNanos: 1, type: 'info' }),
  });
  expect(ops.filter(({ type }) => type === 'invoke').map(({ process }) => process)).toEqual([1, 4]);
});

it('is exhausted when nothing is left, and from the start without operations', () => {
  expect(trace(scripted([]))).toEqual([]);
});

it('an operation begins after others that end at its time, and a nanosecond later if fewer do', () => {
  const begun = (after: number): readonly (readonly [unknown, number])[] => {
    const ops = [op(0, 0, 0), op(1, 1, 0), { ...op(2, 2, 100), after }];
    return trace(scripted(ops), { concurrency: 3, ending: () => ({ afterNanos: 100, type: 'ok' }) })
      .filter(({ time }) => time >= 100 && time <= 101)
      .map(({ type, value, time }) => [`${type} ${String(value)}`, time]);
  };
  expect(begun(1)).toEqual([
    ['ok 0', 100],
    ['invoke 2', 100],
    ['ok 1', 100],
  ]);
  expect(begun(2)).toEqual([
    ['ok 0', 100],
    ['ok 1', 100],
    ['invoke 2', 100],
  ]);
  expect(begun(3)).toEqual([
    ['ok 0', 100],
    ['ok 1', 100],
    ['invoke 2', 101],
  ]);
});
