import { expect, it } from 'vitest';
import { LineRecordSplitter } from './split-records.ts';

it('empty lines are passed over at once, and counted', () => {
  const splitter = new LineRecordSplitter();
  const bytes = Buffer.from('\n\n\n{}\n');
  expect(splitter.scan(bytes.subarray(0, 2), 0)).toBe(-1);
  expect(splitter.start).toBe(-1);
  expect(splitter.scan(bytes.subarray(2), 0)).toBe(3);
  expect([splitter.start, splitter.line]).toEqual([1, 4]);
});
