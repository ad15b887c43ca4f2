import { expect, it } from 'vitest';
import type { Evidence } from '../../checkers/evidence.ts';
import { failsAlike, signatureOf } from './signature.ts';
import { resultsReadBack } from './test-results.ts';

const wrong = (parts: object) => resultsReadBack({ 'valid?': false, ...parts });
const lost: Evidence = {
  kind: 'elements',
  elements: [
    { element: 1, fate: 'lost' },
    { element: 2, fate: 'lost' },
    { element: 9, fate: 'phantom' },
  ],
};

it('names each kind once, those of the workload first', () => {
  const results = wrong({
    nodes: { 'valid?': false, problems: [{ node: 'n1', kind: 'crashed', message: '', time: 0 }] },
    protocol: { 'valid?': false, violations: [{ kind: 'bad-reply' }, { kind: 'bad-reply' }], warnings: [] },
    workload: { 'valid?': false },
  });
  expect(signatureOf(results, lost)).toEqual(['lost', 'phantom', 'node: crashed', 'protocol: bad-reply']);
});

it('is empty for a valid or undecided workload, whatever its evidence shows', () => {
  expect(signatureOf(wrong({ workload: { 'valid?': true } }), lost)).toEqual([]);
  expect(signatureOf(wrong({ workload: { 'valid?': 'unknown' } }), lost)).toEqual([]);
});

it('counts errors whatever the verdict, but not mere observations', () => {
  const evidence: Evidence = {
    kind: 'keys',
    keys: [],
    also: [
      { title: 'only shown', operations: [1] },
      { kind: 'missing-keys', title: 'a key vanished', operations: [2, 4] },
    ],
  };
  expect(signatureOf(wrong({ 'valid?': true, workload: { 'valid?': true } }), evidence)).toEqual([
    'missing-keys',
  ]);
  expect(signatureOf(wrong({ workload: { 'valid?': false } }), evidence)).toEqual([
    'workload',
    'missing-keys',
  ]);
});

it('names an invariant first, and another one is the same failure', () => {
  const failure = {
    invariant: 'i',
    message: 'n1 and n2 lead in term 3',
    node: 'n1',
    turn: 1,
    time: 0,
    states: {},
  };
  const results = wrong({
    workload: { 'valid?': false },
    invariants: { 'valid?': false, failures: [failure], checks: 1, problems: [] },
  });
  const signature = signatureOf(results, lost);
  expect(signature).toEqual(['invariant: n# and n# lead in term #', 'lost', 'phantom']);
  expect(failsAlike(['invariant: the logs differ'], signature)).toBe(true);
  expect(failsAlike(['lost', 'phantom'], signature)).toBe(false);
  expect(failsAlike(['invariant: the logs differ'], ['lost', 'invariant: the logs differ'])).toBe(false);
});

it('does not count that nothing succeeded', () => {
  expect(
    signatureOf(wrong({ stats: { 'valid?': false, count: 1 }, workload: { 'valid?': true } }), undefined),
  ).toEqual([]);
});

it('has a word for a workload without evidence', () => {
  expect(signatureOf(wrong({ workload: { 'valid?': false } }), undefined)).toEqual(['workload']);
});

it('distinguishes a node that the simulation had to end', () => {
  const problem = { node: 'n1', kind: 'crashed', message: '', time: 0, 'by-watchdog?': true };
  expect(signatureOf(wrong({ nodes: { 'valid?': false, problems: [problem] } }), undefined)).toEqual([
    'node: ended by the watchdog',
  ]);
});

it("two runs are alike if the other has the original's most important kind", () => {
  expect(failsAlike(['phantom', 'lost'], ['lost', 'stale'])).toBe(true);
  expect(failsAlike(['stale'], ['lost', 'stale'])).toBe(false);
  expect(failsAlike([], ['lost'])).toBe(false);
  expect(failsAlike([], [])).toBe(false);
});

it('names failed assertions of nodes', () => {
  const problems = ['one leader a term', 'n1 knows itself'].map((name) => ({ kind: 'assertion', name }));
  expect(signatureOf(wrong({ nodes: { 'valid?': false, problems } }), undefined)).toEqual([
    'node: assertion "one leader a term"',
    'node: assertion "n1 knows itself"',
  ]);
});
