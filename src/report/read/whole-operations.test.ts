import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../test/support/sample-run.ts';
import type { Op } from '../../history/op.ts';
import { firstOperations, operationsByIndex, wholeOperations } from './whole-operations.ts';

const OPS: readonly Op[] = [
  { index: 0, time: 0, type: 'invoke', process: 0, f: 'send', value: ['a'] },
  { index: 1, time: 1, type: 'invoke', process: 1, f: 'send', value: ['b'] },
  { index: 2, time: 2, type: 'ok', process: 1, f: 'send', value: ['b', 1] },
  { index: 3, time: 3, type: 'invoke', process: 1, f: 'send', value: ['c'] },
  { index: 4, time: 4, type: 'info', process: 0, f: 'send', value: ['a', 2], error: 'timeout' },
];

describe('operations of a history', () => {
  it('that results name are found with both entries complete, by the index of either', async () => {
    const history = await historyOf(OPS);
    for (const index of [0, 4]) {
      const found = operationsByIndex(history, [index]);
      expect(new Set(found.keys())).toEqual(new Set([0, 4]));
      expect(found.get(index)).toEqual({ invocation: OPS[0], completion: OPS[4] });
    }
    expect(operationsByIndex(history, [77])).toEqual(new Map());
  });

  it('come in order of invocation, unfinished ones without a completion', async () => {
    const whole = firstOperations(await historyOf(OPS), 10);
    expect(whole).toEqual([
      { invocation: OPS[0], completion: OPS[4] },
      { invocation: OPS[1], completion: OPS[2] },
      { invocation: OPS[3], completion: undefined },
    ]);
    expect(wholeOperations(OPS)).toEqual(whole);
  });

  it('for a timeline have long values cut', async () => {
    const long = Array.from({ length: 1000 }, (_, at) => at);
    const history = await historyOf([{ ...OPS[0], value: long } as Op]);
    const [first] = firstOperations(history, 1);
    expect(first?.invocation.value).toHaveLength(25);
  });
});
