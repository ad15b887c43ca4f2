import { expect, it } from 'vitest';
import { nearest } from '../../protocol/nearest.ts';
import { oneOf } from './one-of.ts';

const NAMES = ['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter'];

it.each([
  ['ehco', 'echo'],
  ['brodcast', 'broadcast'],
  ['unique_ids', 'unique-ids'],
  ['G-Set', 'g-set'],
  ['pn', 'pn-counter'],
])('%s is near %s', (word, name) => {
  expect(nearest(word, NAMES)).toBe(name);
});

it('suggests nothing for a word that is far from all', () => {
  expect(nearest('paxos-in-intercal', NAMES)).toBeUndefined();
});

it('refuses an unknown name with the list and a suggestion', () => {
  expect(() => oneOf('gset', NAMES, { option: '--workload', kind: 'workload' })).toThrow(
    expect.objectContaining({
      name: 'UserError',
      message: '--workload: there is no workload "gset". Did you mean g-set?',
      hint: 'There are: echo, unique-ids, broadcast, g-set, g-counter, pn-counter.',
    }),
  );
});
