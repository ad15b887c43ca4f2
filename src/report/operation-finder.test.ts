import { describe, expect, it } from 'vitest';
import { HistoryStream } from '../history/history-stream.ts';
import type { Op } from '../history/op.ts';
import { OperationFinder } from './operation-finder.ts';

const OPS: readonly Op[] = [
  { index: 0, time: 0, type: 'invoke', process: 0, f: 'send', value: ['a'] },
  { index: 1, time: 1, type: 'invoke', process: 1, f: 'send', value: ['b'] },
  { index: 2, time: 2, type: 'ok', process: 1, f: 'send', value: ['b', 1] },
  { index: 3, time: 3, type: 'invoke', process: 1, f: 'send', value: ['c'] },
  { index: 4, time: 4, type: 'ok', process: 0, f: 'send', value: ['a', 2] },
  { index: 5, time: 5, type: 'ok', process: 1, f: 'send', value: ['c', 3] },
];

/** Reads the history as a report does, and only the values that the finder wants. */
function find(wanted: readonly number[]): {
  readonly found: OperationFinder['found'];
  readonly parsed: number;
} {
  const finder = new OperationFinder(new Set(wanted));
  let parsed = 0;
  const stream = new HistoryStream(
    (op) => {
      if (op.value !== null) parsed++;
      finder.observe(op);
    },
    { wantsValue: (type, process, index) => finder.wantsValue(type, process, index) },
  );
  stream.push(new TextEncoder().encode(OPS.map((op) => `${JSON.stringify(op)}\n`).join('')));
  stream.end();
  return { found: finder.found, parsed };
}

describe('the operations that results name', () => {
  it('are found with both entries whole, by the index of either', () => {
    for (const index of [0, 4]) {
      const { found } = find([index]);
      expect(new Set(found.keys())).toEqual(new Set([0, 4]));
      expect(found.get(index)).toEqual({ invocation: OPS[0], completion: OPS[4] });
    }
  });

  it('are the only ones whose completions are parsed', () => {
    // Two invocations, either of which may be the one whose completion is wanted, and the completion of 1, which comes after it.
    expect(find([1]).parsed).toBe(3);
    expect(find([]).parsed).toBe(0);
  });
});
