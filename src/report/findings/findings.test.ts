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
  const byIndex = new Map([
    poll(0, { ...others, 'k "11"': [[4, 5]] }),
    poll(2, { ...others, 'k "11"': [[6, 7]] }),
  ]);
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
  const body = bodyWith('k "11"');
  expect(body).toContain('[[4,5]]');
  expect(body).toContain('[[6,7]]');
  expect(body).not.toContain('"100"');
  expect(bodyWith()).toContain('"100"');
});
