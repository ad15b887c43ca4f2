import { expect, it } from 'vitest';
import { givenUp } from './grade-run.ts';

it('a run that was given up reports its progress, and the number of its messages', () => {
  const status = {
    phase: 'main' as const,
    invoked: 100,
    ok: 1,
    fail: 0,
    info: 0,
    messages: 500_000,
    activeFaults: [],
  };
  expect(givenUp(210_000, status)).toBe(
    'It was stopped after 210 s, in its phase main: 100 operations had been invoked, and 500,000 messages sent, 5,000 for each. ' +
      'If that is too many: does a node forward what it already had, or resend without waiting? ' +
      'If not, the machine may be too slow or too busy for this test: run it again alone.',
  );
  expect(givenUp(1000, { ...status, invoked: 0, messages: 5 })).toContain('and 5 messages sent. If');
});
