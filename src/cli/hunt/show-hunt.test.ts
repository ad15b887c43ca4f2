import { expect, it } from 'vitest';
import { ECHO_HUNT } from '../../../test/support/echo-hunt.ts';
import { FailureGroups } from '../../hunt/failure-groups.ts';
import { summaryOf, type SummaryFacts } from '../../hunt/hunt-summary.ts';
import type { HuntState } from '../../hunt/hunt.ts';
import { NOTHING_TRIED } from '../../hunt/tally.ts';
import { Console } from '../show/console.ts';
import { showHunt } from './show-hunt.ts';

const FACTS: SummaryFacts = {
  plan: ECHO_HUNT,
  program: 'x.ts',
  seed: 's',
  startedAt: '2026-11-30T09:00:00.000Z',
  end: 'stopped',
  seconds: 60,
  cpuSeconds: 1,
  workers: 1,
  commandOf: () => 'maelstrom test',
};

function shown(state: Partial<HuntState>, facts: Partial<SummaryFacts> = {}): string {
  let text = '';
  const whole = { tally: NOTHING_TRIED, groups: new FailureGroups(), compared: 0, doubts: [], ...state };
  const summary = summaryOf(whole, { ...FACTS, ...facts });
  showHunt(summary, new Console({ write: (more: string) => void (text += more) }, {}));
  return text;
}

it('runs that were given up are no runs without a failure', () => {
  const tally = { ...NOTHING_TRIED, runs: 3, operations: 9 };
  const doubts = [1, 2].map((number) => ({
    number,
    spec: FACTS.plan.base,
    doubt: 'too many events' as const,
  }));
  expect(shown({ tally: { ...tally, undecided: 2 }, doubts })).toContain(
    'No failure found in 3 runs; 2 of them have no verdict. It can be resumed.',
  );
  expect(shown({ tally: { ...tally, undecided: 3 }, doubts })).toContain(
    'No run has a verdict, so nothing was proved.',
  );
});

it('a run that held up the hunt until its end is named with its command', () => {
  const text = shown({}, { unfinished: { run: 4, seconds: 52.3, command: 'maelstrom test --seed s-4' } });
  expect(text).toContain('Run 4 had been in progress for 52 s when the hunt was stopped');
  expect(text).toContain('Again: maelstrom test --seed s-4\n');
  expect(text).toContain('No run finished, so nothing was proved.');
});
