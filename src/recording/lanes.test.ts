import { expect, test } from 'vitest';
import { ClientBook } from '../history/client-book.ts';
import { kindsOf, makeLanes } from './lanes.ts';

const NODES = ['n1', 'n2', 'n3'];
const lanes = (hidden: readonly string[], grouped: readonly string[]) =>
  makeLanes(['c1', 'n1', 'n2', 'n3', 'lin-kv'], {
    nodes: NODES,
    kindOf: kindsOf(NODES, new ClientBook()),
    clients: 'each',
    many: 10,
    hidden,
    grouped,
  });

test('hidden nodes have no lane, and the others keep theirs', () => {
  const { views, of } = lanes(['n2', 'lin-kv'], []);
  expect(views.map(({ label }) => label)).toEqual(['c1', 'n1', 'n3']);
  expect(of.get('n2')).toBeUndefined();
  expect(of.get('n3')).toBe(2);
});

test('grouped nodes have one lane, which names them; one alone is in its own', () => {
  const { views, of } = lanes([], ['n1', 'n3', 'unknown']);
  expect(views).toEqual([
    { label: 'c1', kind: 'client' },
    { label: 'n2', kind: 'node' },
    { label: '2 nodes', kind: 'node', nodes: ['n1', 'n3'] },
    { label: 'lin-kv', kind: 'service' },
  ]);
  expect([of.get('n1'), of.get('n3')]).toEqual([2, 2]);
  expect(lanes(['n1'], ['n1', 'n3']).views.map(({ label }) => label)).toEqual(['c1', 'n2', 'n3', 'lin-kv']);
});
