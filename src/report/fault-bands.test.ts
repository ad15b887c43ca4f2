import { expect, test } from 'vitest';
import { opsOf, SAMPLE_OPS } from '../../test/sample-run.ts';
import { faultBands } from './fault-bands.ts';

const NODES = ['n1', 'n2', 'n3'];
const nemesisOps = SAMPLE_OPS.filter(({ process }) => process === 'nemesis');

test('a fault lasts from its first entry to what ends it, and says whom it hit', () => {
  expect(faultBands(nemesisOps, NODES)).toEqual([
    { kind: 'partition', fromNanos: 5e8, toNanos: 12e8, about: 'n1 | n2 n3' },
    { kind: 'kill', fromNanos: 1e9, toNanos: undefined, about: 'n2' },
  ]);
});

test('overlapping cuts say what each node hears', () => {
  const ring = ['isolated', { n1: ['n2'], n2: ['n3'], n3: ['n1'] }];
  const ops = opsOf([
    [1, 'info', 'nemesis', 'start-partition', 'majorities-ring'],
    [1, 'info', 'nemesis', 'start-partition', ring],
  ]);
  expect(faultBands(ops, NODES)[0]?.about).toBe('n1 hears n1 n3; n2 hears n1 n2; n3 hears n2 n3');
});

test('a fault that begins anew ends the one before', () => {
  const twice = [1, 2].flatMap((seconds) =>
    [0, 1].map(() => [seconds, 'info', 'nemesis', 'pause', 'n3'] as const),
  );
  expect(faultBands(opsOf(twice), NODES).map(({ fromNanos, toNanos }) => [fromNanos, toNanos])).toEqual([
    [1e9, 2e9],
    [2e9, undefined],
  ]);
});
