import { beforeAll, expect, it } from 'vitest';
import { BROKEN, smallFailingRun, type SmallRun } from '../../../test/support/small-failing-run.ts';
import { checkLines, messagesFigure } from './check-lines.ts';
import type { TestResults } from '../verdict/test-results.ts';

const runs = new Map<string, SmallRun>();

beforeAll(async () => {
  for (const name of [
    'broadcast',
    'g-counter',
    'unique-ids',
    'echo',
    'lin-kv, duplicate',
    'txn-lost-update',
    'kafka-offsets-reused',
  ])
    for (const one of BROKEN) if (one.name === name) runs.set(name, await smallFailingRun(one));
}, 120_000);

function lineOf(name: string): string {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`there is no run of ${name}`);
  const [first] = checkLines(run.spec, run.results);
  return `${first?.name} ${String(first?.verdict)} ${first?.figure}`;
}

it.each([
  ['broadcast', /^workload false \d+ of \d+ elements lost$/],
  ['g-counter', /^workload false \d+ of \d+ final reads wrong$/],
  ['unique-ids', /^workload false \d+ of \d+ ids given out again$/],
  ['echo', /^workload false \d+ wrong answers?$/],
  ['lin-kv, duplicate', /^workload false \d+ of \d+ keys? not linearizable$/],
  ['txn-lost-update', /^workload false [A-Za-z0-9-]+(, [A-Za-z0-9-]+)*(, \d+ more)?$/],
  ['kafka-offsets-reused', /^workload false \d+ [a-z-]+(, \d+ [a-z-]+)*$/],
])('%s: shows how much of it is wrong', (name, line) => {
  expect(lineOf(name)).toMatch(line);
});

const RESULTS: TestResults = {
  'valid?': true,
  workload: { 'valid?': 'unknown', error: 'The checker failed.' },
  stats: {
    'valid?': true,
    count: 10,
    'ok-count': 6,
    'fail-count': 1,
    'info-count': 3,
    'by-f': { crash: { 'valid?': true, count: 2, 'ok-count': 0, 'fail-count': 0, 'info-count': 2 } },
  },
  availability: { 'valid?': true, 'ok-fraction': 0.99999 },
  net: {
    'valid?': true,
    all: { 'send-count': 8, 'recv-count': 8, 'msg-count': 8, 'msgs-per-op': 4 },
    clients: { 'send-count': 2, 'recv-count': 2, 'msg-count': 2 },
    servers: { 'send-count': 6, 'recv-count': 6, 'msg-count': 6, 'msgs-per-op': 3 },
  },
};

const figures = (results: TestResults, availability?: number) =>
  checkLines(
    { ...specOf('broadcast'), ...(availability === undefined ? {} : { availability }) },
    results,
  ).map(({ name, figure }) => `${name}: ${figure}`);

function specOf(name: string) {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`there is no run of ${name}`);
  return run.spec;
}

it('clients that crash on purpose are not in doubt, and availability is named if it is required', () => {
  expect(figures(RESULTS)).toEqual([
    'workload: no verdict',
    'stats: 6 of 8 operations succeeded, 1 failed, 1 in doubt',
  ]);
  expect(figures(RESULTS, 0.9).at(-1)).toBe('availability: 99.999 % of the requests succeeded');
});

it('names what only some runs have, and skips what this one lacks', () => {
  expect(
    figures({
      'valid?': false,
      invariants: { 'valid?': true, failures: [], checks: 1, problems: [] },
      assertions: { 'valid?': true, assertions: [{ kind: 'sometimes', name: 'x', count: 0 }] },
    }),
  ).toEqual(['assertions: 0 of 1 came', 'invariants: asked 1 time']);
});

it('counts messages', () => {
  expect(messagesFigure(RESULTS)).toBe('8 messages, 6 between servers, 3.00 per operation');
  expect(messagesFigure({ 'valid?': true })).toBeUndefined();
});
