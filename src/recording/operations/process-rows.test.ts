import { expect, test } from 'vitest';
import { memoryFile } from '../files/memory-file.ts';
import { RunOperations } from './operation-columns.ts';
import { foundRows, threadRows, type ProcessRows } from './process-rows.ts';

type Entry = readonly [time: number, type: string, process: number];

async function rowsOf(entries: readonly Entry[]): Promise<ProcessRows> {
  const lines = entries.map(
    ([time, type, process], index) =>
      `{"index":${index},"time":${time},"type":"${type}","process":${process},"f":"read","value":null}\n`,
  );
  const history = new RunOperations(memoryFile('history.jsonl', Buffer.from(lines.join(''))));
  await history.refresh();
  return foundRows(history);
}

test('processes with any numbers have one row each, labelled with the number', async () => {
  const { first, of } = await rowsOf([
    [1, 'invoke', 7],
    [2, 'invoke', 3],
    [3, 'ok', 7],
    [4, 'ok', 3],
    [5, 'invoke', 7],
    [6, 'ok', 7],
  ]);
  expect(first).toEqual([3, 7]);
  expect([of(3), of(7)]).toEqual([0, 1]);
});

test('a process that replaces one which ended in doubt shares its row, and no other does', async () => {
  const { first, of } = await rowsOf([
    [1, 'invoke', 0],
    [2, 'invoke', 1],
    [3, 'invoke', 2],
    [4, 'info', 1],
    [5, 'invoke', 4],
    [6, 'ok', 0],
    [7, 'info', 4],
    [8, 'invoke', 7],
    [9, 'invoke', 5],
    [9, 'invoke', 0],
  ]);
  expect(first).toEqual([0, 1, 2, 5]);
  expect([0, 1, 2, 4, 7, 5].map(of)).toEqual([0, 1, 2, 1, 1, 3]);
});

test('the row in our own runs is the thread', () => {
  const { first, of } = threadRows(3);
  expect(first).toEqual([0, 1, 2]);
  expect([0, 4, 11].map(of)).toEqual([0, 1, 2]);
});
