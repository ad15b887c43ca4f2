import { describe, expect, test } from 'vitest';
import { CasRegisterChecker } from '../../checkers/linearizable/cas-register.ts';
import type { CheckResult } from '../../checkers/checker.ts';
import type { Op } from '../../history/op.ts';
import { explainMissingKeys, MissingKeysChecker } from './missing-keys.ts';

type Row = readonly [
  type: Op['type'],
  process: number,
  f: string,
  key: number,
  argument: Op['value'],
  error?: string,
];

function judge(rows: readonly Row[]): CheckResult {
  const checker = new MissingKeysChecker(new CasRegisterChecker({ 'independent?': true }));
  rows.forEach(([type, process, f, key, argument, error], index) =>
    checker.observe({
      index,
      time: index,
      type,
      process,
      f,
      value: [key, argument],
      ...(error === undefined ? {} : { error: [error, 'not found'] }),
    }),
  );
  return checker.result();
}

const WRITTEN: readonly Row[] = [
  ['invoke', 0, 'write', 7, 1],
  ['ok', 0, 'write', 7, 1],
];

describe('a key that is reported missing', () => {
  test('after an acknowledged write is reported, and the verdict is unaffected', () => {
    const result = judge([
      ...WRITTEN,
      ['invoke', 1, 'read', 7, null],
      ['fail', 1, 'read', 7, null, 'key-does-not-exist'],
      ['invoke', 0, 'cas', 7, [1, 2]],
      ['fail', 0, 'cas', 7, [1, 2], 'key-does-not-exist'],
    ]);
    expect(result).toMatchObject({
      'valid?': true,
      'missing-keys': { count: 2, op: { index: 3 }, written: { index: 1 } },
    });
    expect(explainMissingKeys(result, () => 'n1')).toMatch(/but the store forgets\.$/);
    expect(explainMissingKeys(result, ({ process }) => `n${process}`)).toBe(
      '2 times a key was reported missing (error 20) although it had been written, and nothing deletes keys: operation 3, ' +
        'read [7,null] by process 1 on n1, after operation 1, write [7,1] by process 0 on n0, was acknowledged. ' +
        'Such operations count as failed, here as upstream, so the verdict does not rest on them; but the store forgets, or n1 never learned what n0 acknowledged.',
    );
  });

  test.each<[string, readonly Row[]]>([
    [
      'while the write is in flight',
      [
        ['invoke', 0, 'write', 7, 1],
        ['invoke', 1, 'read', 7, null],
        ['ok', 0, 'write', 7, 1],
        ['fail', 1, 'read', 7, null, 'key-does-not-exist'],
      ],
    ],
    [
      'if another key was written',
      [...WRITTEN, ['invoke', 1, 'read', 8, null], ['fail', 1, 'read', 8, null, 'key-does-not-exist']],
    ],
    [
      'if the write failed',
      [
        ['invoke', 0, 'write', 7, 1],
        ['fail', 0, 'write', 7, 1, 'temporarily-unavailable'],
        ['invoke', 1, 'read', 7, null],
        ['fail', 1, 'read', 7, null, 'key-does-not-exist'],
      ],
    ],
    [
      'for another error',
      [...WRITTEN, ['invoke', 1, 'read', 7, null], ['fail', 1, 'read', 7, null, 'temporarily-unavailable']],
    ],
  ])('nothing is reported %s', (_, rows) => {
    const result = judge(rows);
    expect(result).not.toHaveProperty('missing-keys');
    expect(explainMissingKeys(result)).toBeUndefined();
  });
});
