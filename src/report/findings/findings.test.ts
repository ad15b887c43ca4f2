import { expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { anomalyFinding } from './findings.ts';

const poll = (index: number, logs: Json): readonly [number, { invocation: Op; completion: Op }] => {
  const op = { process: 0, f: 'poll', time: index * 1e9 } as const;
  return [
    index,
    {
      invocation: { ...op, index, type: 'invoke', value: [['poll']] },
      completion: { ...op, index: index + 1, type: 'ok', value: [['poll', logs]] },
    },
  ];
};

it('the bars of polls show the log that the finding is about, which many others would hide', () => {
  const others = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [String(at + 100), [[0, 1]]]));
  const simplest = { text: 'poll-skip', cycle: undefined, operations: [0, 2], wrong: 2 };
  const byIndex = new Map([poll(0, { ...others, k11: [[4, 5]] }), poll(2, { ...others, k11: [[6, 7]] })]);
  const bodyWith = (key?: Json): string =>
    anomalyFinding(
      {
        type: 'poll-skip',
        count: 1,
        examples: [],
        simplest: key === undefined ? simplest : { ...simplest, key },
      },
      byIndex,
      () => 'n1',
    ).picture?.body.replaceAll('&quot;', '"') ?? '';
  const body = bodyWith('k11');
  expect(body).toContain('poll {"k11":[[4,5]]}');
  expect(body).toContain('[[6,7]]');
  expect(body).not.toContain('"100"');
  expect(bodyWith()).toContain('"100"');
});

it('further cases of an anomaly are drawn by themselves, with their own words and operations', () => {
  const byIndex = new Map([poll(0, { k1: [[0, 1]] }), poll(2, { k1: [[5, 6]] }), poll(4, { k1: [[9, 7]] })]);
  const caseOf = (text: string, operations: readonly number[]) =>
    ({ text, cycle: undefined, operations, wrong: operations.at(-1) }) as const;
  const { operations, others } = anomalyFinding(
    {
      type: 'poll-skip',
      count: 9,
      examples: [],
      simplest: caseOf('skips 1 to 5', [0, 2]),
      others: [caseOf('skips 5 to 9', [2, 4])],
    },
    byIndex,
    () => 'n1',
  );
  expect(operations).toEqual([0, 2]);
  expect(others?.map((other) => [other.text, other.operations])).toEqual([['skips 5 to 9', [2, 4]]]);
  expect(others?.[0]?.picture?.body).toContain('[9,7]');
});
