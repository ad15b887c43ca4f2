import { expect, it } from 'vitest';
import type { Assertion } from '../../run/records/assertion-record.ts';
import { addedExpectations, expectationSentences, expectationsOf } from './expectations.ts';

const sometimes = (name: string, count: number): Assertion => ({ kind: 'sometimes', name, count });
const reachable = (name: string, count: number): Assertion => ({ kind: 'reachable', name, count });
const runWith = (...assertions: readonly Assertion[]) => expectationsOf({ 'valid?': true, assertions });

it('counts the runs in which a situation occurred, not how often it did in each', () => {
  const runs = [
    runWith(sometimes('an election', 12), reachable('an overwrite', 0)),
    undefined,
    runWith(sometimes('an election', 1), reachable('an election', 0)),
  ];
  expect(runs.reduce(addedExpectations, [])).toEqual([
    sometimes('an election', 2),
    reachable('an overwrite', 0),
    reachable('an election', 0),
  ]);
});

it('excludes what must always or never hold', () => {
  expect(
    runWith({ kind: 'always', name: 'a', count: 3 }, { kind: 'unreachable', name: 'b', count: 0 }),
  ).toBeUndefined();
  expect(expectationsOf(undefined)).toBeUndefined();
});

it('lists first what never occurred, and then what occurred least often', () => {
  expect(
    expectationSentences([sometimes('often', 30), reachable('once', 1), sometimes('not at all', 0)]),
  ).toEqual(['never: sometimes "not at all"', 'in 1 run: reachable "once"', 'in 30 runs: sometimes "often"']);
});

it('names that differ from run to run do not fill the memory, and cannot change what is printed', () => {
  const runs = Array.from({ length: 30 }, (_, run) =>
    runWith(...Array.from({ length: 100 }, (_run, at) => sometimes(`name ${run} ${at}`, 1))),
  );
  const sum = runs.reduce<readonly Assertion[]>(addedExpectations, []);
  expect(sum).toHaveLength(1000);
  const [sentence = ''] = expectationSentences([sometimes(`\u001b[2J__proto__${'x'.repeat(500)}`, 0)]);
  expect(sentence).toMatch(/^never: sometimes "\\u001b\[2J__proto__x+\.\.\. \(\d+ characters\)$/);
});
