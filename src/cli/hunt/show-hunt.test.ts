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

const FAILURE = { spec: FACTS.plan.base, problem: '', nanos: 0 };

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

it('a hunt without a failure names the faults that it was not allowed, and what they demand', () => {
  const tally = { ...NOTHING_TRIED, runs: 3, operations: 9 };
  const without = (nemesis: readonly string[]) =>
    shown({ tally }, { plan: { ...FACTS.plan, base: { ...FACTS.plan.base, nemesis } } });
  const text = without(['partition', 'kill', 'membership']);
  expect(text).toContain('  skew       not to rely on clocks');
  expect(text).not.toContain('everything that was acknowledged on disk');
  expect(text).toContain('If yours should survive one of them, hunt with --nemesis usual,duplicate.');
  expect(without(['kill', 'duplicate', 'skew', 'membership'])).not.toContain('Not tried');
});

it('a run that held up the hunt until its end is named with its command', () => {
  const text = shown({}, { unfinished: { run: 4, seconds: 52.3, command: 'maelstrom test --seed s-4' } });
  expect(text).toContain('Run 4 had been in progress for 52 s when the hunt was stopped');
  expect(text).toContain('Again: maelstrom test --seed s-4\n');
  expect(text).toContain('No run finished, so nothing was proved.');
});

it('a program that cannot be simulated is no failure, and comes after one, however small it is', () => {
  const groups = new FailureGroups();
  const failure = { ...FAILURE, operations: 0, messages: 2 };
  groups.add({ ...failure, number: 1, signature: ['node: not simulated'], sentence: 'It needs a file.' });
  const text = shown({ groups });
  expect(text).toContain('node: not simulated: run 1');
  expect(text).toContain(
    'The program needs something that the simulation lacks, so nothing was proved: hunt with --real.',
  );
  expect(text).not.toContain('of failure');
  groups.add({ ...failure, number: 2, operations: 99, signature: ['lost'], sentence: 'One is lost.' });
  expect(shown({ groups })).toMatch(/node: not simulated: run 1[^]*lost: run 2[^]*Found 2 kinds of failure/);
  expect(groups.smallest()?.number).toBe(2);
});
