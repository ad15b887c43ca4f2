import { expect, test } from 'vitest';
import { leftSentences } from './left-sentences.ts';

test('nothing is reported when nothing is left', () => {
  expect(leftSentences([])).toEqual([]);
});

test('each leftover is named with its command and how to end it; a guess is marked as one', () => {
  const left = [
    { pid: 12, command: 'sudo sleep\u001b[2J', isCertain: true },
    { pid: 13, command: 'sleep 1000', isCertain: false },
    { pid: 14, command: 'sleep 2000', isCertain: false },
  ];
  expect(leftSentences(left)).toMatchInlineSnapshot(`
    [
      "Warning: a process that a node started could not be killed: that needs another user: 12 (sudo sleep\\u001b[2J). To end: kill 12",
      "Warning: processes that started during this run, without a parent and with a cleared environment, may have been left by a node; Maelstrom cannot create control groups here, so it cannot tell, and has not killed them: 13 (sleep 1000), 14 (sleep 2000). To end: kill 13 14",
    ]
  `);
});

test('only the first of very many are named', () => {
  const left = Array.from({ length: 25 }, (_, pid) => ({ pid, command: 'x', isCertain: true }));
  const [line = ''] = leftSentences(left);
  expect(line).toContain('9 (x), and 15 more. To end: kill 0 1 2 3 4 5 6 7 8 9');
});
