import { expect, test } from 'vitest';
import { SaidState } from './state.ts';

test('only changes are reported, and nothing if there are none', () => {
  const state = new SaidState();
  expect(state.line({ role: 'follower', term: 0, leader: undefined })).toBe(
    '{"maelstrom":"state","role":"follower","term":0}',
  );
  expect(state.line({ role: 'follower', term: 0 })).toBeUndefined();
  expect(state.line({ role: 'follower', term: 1 })).toBe('{"maelstrom":"state","term":1}');
  expect(state.line({ role: null })).toBe('{"maelstrom":"state","role":null}');
  expect(state.line({ peers: ['n1'], deep: { a: [1, { b: 2n ** 60n }] } })).toBe(
    '{"maelstrom":"state","peers":["n1"],"deep":{"a":[1,{"b":1152921504606846976}]}}',
  );
});

test('a long value is cut, a value that is not JSON is reported as such, and a field named like the key is left out', () => {
  const state = new SaidState();
  expect(state.line({ long: 'x'.repeat(1e6) })?.length).toBeLessThan(500);
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  expect(state.line({ cycle })).toContain('no JSON: TypeError');
  expect(state.line({ maelstrom: 'other' })).toBeUndefined();
});
