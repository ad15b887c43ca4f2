import { expect, it } from 'vitest';
import { statesInWords } from './states-in-words.ts';

const state = (name: string, committed: number) => ({
  term: 4,
  voters: ['n1', 'n2'],
  log: Array.from({ length: 50 }, (_, index) => ({ term: 2, client: name, index })),
  committed,
});

it('states show differences first, and a log by its length and its last entry', () => {
  expect(statesInWords(['n1', 'n2'], { n1: state('n1', 12), n2: state('n2', 7), n3: null })).toEqual([
    'n1: {log: {count: 50, last: {term: 2, client: "n1", index: 49}}, committed: 12, term: 4, voters: ["n1" "n2"]}',
    'n2: {log: {count: 50, last: {term: 2, client: "n2", index: 49}}, committed: 7, term: 4, voters: ["n1" "n2"]}',
  ]);
});

it('a short state is shown completely', () => {
  const certain = ['term 1: {"type":"cas","key":0,"from":0,"to":0}'];
  expect(statesInWords(['n0'], { n0: { role: 'leader', certain } })).toEqual([
    String.raw`n0: {role: "leader", certain: ["term 1: {\"type\":\"cas\",\"key\":0,\"from\":0,\"to\":0}"]}`,
  ]);
});

it('a long state ends within its line, and not in the middle of its JSON', () => {
  const [shown = ''] = statesInWords(['n1'], { n1: { text: 'x'.repeat(5000), role: 'leader' } });
  expect(shown.length).toBeLessThan(260);
  expect(shown).toMatch(/role: "leader"}$/);
});
