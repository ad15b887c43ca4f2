import { expect, it } from 'vitest';
import type { RunStatus } from '../../run/run-status.ts';
import { Console } from '../show/console.ts';
import { StatusLine } from './status-line.ts';

const STATUS: RunStatus = {
  phase: 'main',
  secondsLeft: 42,
  invoked: 215,
  ok: 210,
  fail: 0,
  info: 3,
  messages: 1240,
  activeFaults: ['partition n1 | n2 n3'],
};

function rendered(columns: number, isTTY = true): string {
  const console = new Console({ isTTY, columns, write: () => undefined }, { NO_COLOR: '1' });
  return new StatusLine(console).render(STATUS, 0);
}

it('shows as much as fits, and keeps the faults longer than the messages', () => {
  expect(rendered(120)).toBe(
    '[main 42 s left]  210 ok, 0 fail, 3 info  1,240 messages (0/s)  partition n1 | n2 n3',
  );
  expect(rendered(80)).toBe('[main 42 s left]  210 ok, 0 fail, 3 info  1,240 messages  partition n1 | n2 n3');
  expect(rendered(70)).toBe('[main 42 s left]  210 ok, 0 fail, 3 info  partition n1 | n2 n3');
  expect(rendered(60)).toBe('[main 42 s left]  210 ok, 0 fail, 3 info  partition');
  expect(rendered(40)).toBe('[main 42 s left]  210/0/3  partition');
  expect(rendered(20)).toBe('[main]  210/0/3');
});

it('is complete if the output is not a terminal', () => {
  expect(rendered(20, false)).toContain('partition n1 | n2 n3');
});
