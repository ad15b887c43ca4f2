import { expect, test } from 'vitest';
import type { NodeActivity } from '../network/node-activity.ts';
import { busiest } from './primary.ts';

const activity = (...counts: readonly (readonly [withNodes: number, toClients: number])[]): NodeActivity[] =>
  counts.map(([withNodes, toClients], at) => ({ node: `n${at + 1}`, withNodes, toClients }));

test('the primary is the node involved in most messages between nodes', () => {
  expect(busiest(activity([2, 90], [8, 1], [2, 5]))).toEqual(['n2']);
});

test('without such messages, it is the node that answered most clients', () => {
  expect(busiest(activity([0, 3], [0, 1], [0, 4]))).toEqual(['n3']);
  expect(busiest(activity([5, 3], [5, 7]))).toEqual(['n2']);
});

test('if no node has sent anything, it is the first; if none runs, there is none', () => {
  expect(busiest(activity([0, 0], [0, 0]))).toEqual(['n1']);
  expect(busiest([])).toEqual([]);
});
