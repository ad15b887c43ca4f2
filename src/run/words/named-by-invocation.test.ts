import { expect, test } from 'vitest';
import { namedByInvocation } from './named-by-invocation.ts';

const half = (index: number): number => Math.floor(index / 2) * 2;
const READ = { time: 5, type: 'ok', process: 1, f: 'read', value: { index: 9, type: 'ok', process: 0 } };

test('operations within a result get the index of their invocation, and nothing else changes', () => {
  const result = {
    'valid?': false,
    count: 3,
    lost: [3, 5],
    op: { ...READ, index: 3 },
    anomalies: {
      'G-single': [{ cycle: [{ ...READ, index: 7 }], steps: [{ type: 'rw', b: { ...READ, index: 6 } }] }],
    },
    cycle: { scc: [1, 3, 5], subgraph: 'x' },
  };
  expect(namedByInvocation(result, half)).toEqual({
    ...result,
    op: { ...READ, index: 2 },
    anomalies: {
      'G-single': [{ cycle: [{ ...READ, index: 6 }], steps: [{ type: 'rw', b: { ...READ, index: 6 } }] }],
    },
    cycle: { scc: [0, 2, 4], subgraph: 'x' },
  });
  expect(result.op.index).toBe(3);
});

test('a result that quotes no completion is returned unchanged', () => {
  const result = { 'valid?': true, attempts: [1, 3], op: { ...READ, index: 4 } };
  expect(namedByInvocation(result, half)).toBe(result);
});

test('instances of a class stay unchanged', () => {
  const set = new Set([1]);
  expect(namedByInvocation({ set, op: { ...READ, index: 1 } }, half)).toEqual({
    set,
    op: { ...READ, index: 0 },
  });
});
