import { expect, test } from 'vitest';
import { viewOf } from './cluster-view.ts';

test('the returned list cannot change the members, and is a new one after they have changed', () => {
  let members: readonly string[] = ['n2', 'n1'];
  const cluster = viewOf({ members: () => members, condition: () => 'paused' }, { isCut: () => false });
  const { nodes } = cluster;
  expect(() => (nodes as string[]).sort()).toThrow(TypeError);
  expect(cluster.nodes).toBe(nodes);
  expect(members).toEqual(['n2', 'n1']);
  members = [...members, 'n3'];
  expect(cluster.nodes).toEqual(['n2', 'n1', 'n3']);
});
