/** Events as text. */
import { expect, test } from 'vitest';
import type { BranchChange, Happening } from '../../../src/recording/travel-view.ts';
import { changeText, happeningText } from './happening-text.ts';
import { rangeAround } from './range-around.ts';

test('each kind of event is one sentence', () => {
  const message = { message: 42, from: 'n1', to: 'n2', type: 'append' };
  const turn = { kind: 'turn', node: 'n2' } as const;
  const operation = { kind: 'operation', index: 3, process: 1, f: 'write', value: '[1,2]' } as const;
  const happenings: Happening[] = [
    { kind: 'sent', ...message },
    { kind: 'sent', ...message, type: '' },
    { kind: 'received', ...message },
    { kind: 'lost', ...message, reason: 'partition' },
    { kind: 'duplicated', ...message, copies: 1 },
    { kind: 'duplicated', ...message, copies: 2 },
    { ...turn, of: { kind: 'start' } },
    { ...turn, of: { kind: 'message', ...message } },
    { ...turn, of: { kind: 'timer', message: 7 } },
    { ...turn, of: { kind: 'timer' } },
    { ...turn, of: { kind: 'signal' } },
    { ...turn, of: { kind: 'end' } },
    { kind: 'life', node: 'n1', what: 'killed' },
    { ...operation, type: 'invoke' },
    { ...operation, type: 'ok', value: '' },
    { ...operation, type: 'fail' },
    { ...operation, type: 'info' },
    { ...operation, process: 'nemesis', type: 'info', f: 'start-partition', value: '"majority"' },
    { kind: 'phase', phase: 'healing' },
  ];
  expect(happenings.map(happeningText)).toEqual([
    'n1 sent message 42 (append) to n2.',
    'n1 sent message 42 to n2.',
    'Message 42 (append) from n1 arrived at n2.',
    'Message 42 (append) from n1 to n2 was lost: partition.',
    'Message 42 (append) from n1 to n2 was duplicated: 1 more copy is on the way.',
    'Message 42 (append) from n1 to n2 was duplicated: 2 more copies are on the way.',
    'n2 loaded its program.',
    'n2 handled message 42 (append) from n1.',
    'A timer of n2 fired, which it set while it handled message 7.',
    'A timer of n2 fired.',
    'n2 was asked to end.',
    'n2 had nothing left to wait for, and ended.',
    'n1 was killed.',
    'Process 1 invoked write [1,2].',
    'Process 1 completed write.',
    'Process 1 failed at write [1,2].',
    'Process 1 does not know how write [1,2] ended.',
    'The nemesis: start-partition "majority".',
    'The phase “healing” began.',
  ]);
});

test('names and messages of nodes cannot reverse the text', () => {
  const evil = '\u202ea\u001b[2J';
  const text = happeningText({ kind: 'sent', message: 1, from: evil, to: evil, type: evil });
  expect(text).toBe('\\u202ea\\u001b[2J sent message 1 (\\u202ea\\u001b[2J) to \\u202ea\\u001b[2J.');
});

test('the change of a branch is a phrase', () => {
  const changes: BranchChange[] = [
    { kind: 'drop', message: 1 },
    { kind: 'delay', message: 1, ms: 20 },
    { kind: 'duplicate', message: 1, ms: 20 },
    { kind: 'crash', node: 'n1', restartAfterMs: 5 },
    { kind: 'crash', node: 'n1' },
  ];
  expect(changes.map(changeText)).toEqual([
    'message 1 dropped',
    'message 1 delayed: it arrives 20 ms after it was sent',
    'message 1 duplicated: a copy arrives 20 ms after it was sent',
    'n1 crashed, and started again after 5 ms',
    'n1 crashed, and started again only at the end',
  ]);
});

test('the moment is always in the picture, which moves only if necessary', () => {
  const whole = { from: -1e6, to: 30e9 };
  const first = rangeAround(10e9, undefined, whole, 10_000);
  expect(first.to - first.from).toBeCloseTo((30e9 * 80) / 10_000, -6);
  let range = first;
  let moves = 0;
  for (let nanos = 10e9; nanos < 11e9; nanos += 1e6) {
    const next = rangeAround(nanos, range, whole, 10_000);
    if (next !== range) moves++;
    range = next;
    expect(nanos > range.from && nanos < range.to).toBe(true);
  }
  expect(moves).toBeLessThan(12);
  for (const end of [whole.from, whole.to]) {
    const { from, to } = rangeAround(end, range, whole, 10_000);
    expect(from <= end && end <= to).toBe(true);
  }
});
