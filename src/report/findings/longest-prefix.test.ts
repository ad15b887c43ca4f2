import { expect, test } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { wholeOperations } from '../read/whole-operations.ts';
import { longestPrefix } from './longest-prefix.ts';

type Row = readonly [type: Op['type'], process: number, f: string, value: Json];
const effectsOf = (...rows: readonly Row[]): readonly (readonly [number, Json])[] =>
  longestPrefix(
    wholeOperations(
      rows.map(([type, process, f, value], index) => ({
        index,
        time: index,
        type,
        process,
        f,
        value: [0, value],
      })),
    ),
  ).map(({ operation, after }) => [operation, after]);

test('operations take effect between invocation and completion, each in a state that allows it', () => {
  expect(
    effectsOf(
      ['invoke', 0, 'write', 1],
      ['invoke', 1, 'read', null],
      ['invoke', 2, 'cas', [1, 2]],
      ['ok', 2, 'cas', [1, 2]],
      ['ok', 1, 'read', 1],
      ['ok', 0, 'write', 1],
    ),
  ).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
  ]);
});

test('the prefix ends before an impossible operation', () => {
  expect(
    effectsOf(
      ['invoke', 0, 'write', 1],
      ['ok', 0, 'write', 1],
      ['invoke', 0, 'write', 2],
      ['ok', 0, 'write', 2],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', 1],
    ),
  ).toEqual([
    [0, 1],
    [2, 2],
  ]);
});

test('operations in doubt may take effect late, or never; failed ones do not', () => {
  expect(
    effectsOf(
      ['invoke', 0, 'write', 5],
      ['info', 0, 'write', 5],
      ['invoke', 1, 'write', 1],
      ['ok', 1, 'write', 1],
      ['invoke', 2, 'write', 9],
      ['fail', 2, 'write', 9],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', 1],
      ['invoke', 1, 'read', null],
      ['ok', 1, 'read', 5],
    ),
  ).toEqual([
    [2, 1],
    [6, 1],
    [0, 5],
    [8, 5],
  ]);
});

test('a long history is processed once, and one that is too long is left alone', () => {
  const rows = (count: number): readonly Row[] =>
    Array.from({ length: count }, (_, at): readonly Row[] => [
      ['invoke', 0, 'write', at],
      ['ok', 0, 'write', at],
    ]).flat();
  expect(effectsOf(...rows(1000))).toHaveLength(1000);
  expect(effectsOf(...rows(4000))).toEqual([]);
});
