import { expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { FailureGroups, type FoundFailure } from './failure-groups.ts';

const spec = completeSpec({ workload: 'echo', bin: '/x.ts' });
const failure = (
  number: number,
  signature: readonly string[],
  more: Partial<FoundFailure> = {},
): FoundFailure => ({
  number,
  spec,
  signature,
  sentence: '',
  problem: '',
  operations: 10,
  messages: 20,
  nanos: 1,
  ...more,
});

function grouped(...failures: readonly FoundFailure[]) {
  const groups = new FailureGroups();
  for (const one of failures) groups.add(one);
  return groups.all().map(({ signature, also, count, first, smallest }) => ({
    signature,
    also,
    count,
    first: first.number,
    smallest: smallest.number,
  }));
}

it('a run with several kinds of errors belongs with one that has some of them, whichever came first', () => {
  expect(
    grouped(
      failure(3, ['lost-update', 'G0', 'G1b']),
      failure(5, ['G0']),
      failure(6, ['stale']),
      failure(9, ['G0', 'lost-update'], { operations: 1 }),
    ),
  ).toEqual([
    { signature: ['G0'], also: ['G1b', 'lost-update'], count: 3, first: 3, smallest: 9 },
    { signature: ['stale'], also: [], count: 1, first: 6, smallest: 6 },
  ]);
});

it('the order of the kinds does not matter', () => {
  expect(grouped(failure(1, ['a', 'b']), failure(2, ['b', 'a']))).toMatchObject([{ count: 2 }]);
});

it('keeps crashes of another kind apart', () => {
  const crashed = ['node: crashed'];
  const [one, other] = ['# ended: TypeError', '# ended: RangeError'].map((problem) => ({ problem }));
  expect(
    grouped(failure(1, crashed, one), failure(2, crashed, other), failure(3, crashed, one)),
  ).toMatchObject([{ count: 2 }, { count: 1 }]);
});

it('the first of two equal failures counts as the smallest', () => {
  expect(grouped(failure(1, ['a']), failure(2, ['a']))).toMatchObject([{ first: 1, smallest: 1 }]);
});

it('keeps a hundred kinds, and counts the others', () => {
  const groups = new FailureGroups();
  for (let n = 0; n < 150; n++) groups.add(failure(n, ['node: crashed'], { problem: `problem ${n}` }));
  groups.add(failure(150, ['node: crashed'], { problem: 'problem 7' }));
  expect(groups.all().length).toBe(100);
  expect(groups.all().find(({ problem }) => problem === 'problem 7')).toMatchObject({ count: 2 });
  expect(groups.notKept).toBe(50);
});
