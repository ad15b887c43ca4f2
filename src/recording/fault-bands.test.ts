import { expect, test } from 'vitest';
import { opsOf, SAMPLE_OPS } from '../../test/support/sample-run.ts';
import type { Json } from '../protocol/json.ts';
import { faultBands, faultViews, partitionText } from './fault-bands.ts';

const NODES = ['n1', 'n2', 'n3'];
const nemesisOps = SAMPLE_OPS.filter(({ process }) => process === 'nemesis');

test('a fault lasts from its first entry to the one that ends it, and names the nodes it hit', () => {
  expect(faultBands(nemesisOps, NODES)).toEqual([
    { kind: 'partition', fromNanos: 5e8, toNanos: 12e8, about: 'n1 | n2 n3' },
    { kind: 'kill', fromNanos: 1e9, toNanos: undefined, about: 'n2' },
  ]);
});

test('overlapping cuts show what each node hears', () => {
  const ring = ['isolated', { n1: ['n2'], n2: ['n3'], n3: ['n1'] }];
  const ops = opsOf([
    [1, 'info', 'nemesis', 'start-partition', 'majorities-ring'],
    [1, 'info', 'nemesis', 'start-partition', ring],
  ]);
  expect(faultBands(ops, NODES)[0]?.about).toBe('n1 hears n1 n3; n2 hears n1 n2; n3 hears n2 n3');
});

test('if the nodes are unknown, they are those that partitions name', () => {
  const grudge = ['isolated', { n10: ['n2', 'n1'], n2: ['n10'], n1: ['n10'] }];
  const ops = opsOf([
    [1, 'info', 'nemesis', 'start-partition', 'one'],
    [1, 'info', 'nemesis', 'start-partition', grudge],
    [2, 'info', 'nemesis', 'kill', 'all'],
    [2, 'info', 'nemesis', 'kill', { n2: 'killed' }],
  ]);
  expect(faultViews(ops, []).map(({ about, nodes }) => [about, nodes])).toEqual([
    ['n1 n2 | n10', ['n1', 'n2', 'n10']],
    ['n2', ['n2']],
  ]);
});

test('an operation that hits no node is not a fault', () => {
  const ops = opsOf([
    [1, 'info', 'nemesis', 'start-partition', 'minority-third'],
    [1, 'info', 'nemesis', 'start-partition', ['isolated', {}]],
    [2, 'info', 'nemesis', 'stop-partition', null],
    [2, 'info', 'nemesis', 'stop-partition', 'network-healed'],
    [3, 'info', 'nemesis', 'kill', 'primaries'],
    [3, 'info', 'nemesis', 'kill', {}],
  ]);
  expect(faultBands(ops, NODES)).toEqual([]);
});

test('a fault that begins again ends the previous one', () => {
  const twice = [1, 2].flatMap((seconds) =>
    [0, 1].map(() => [seconds, 'info', 'nemesis', 'pause', 'n3'] as const),
  );
  expect(faultBands(opsOf(twice), NODES).map(({ fromNanos, toNanos }) => [fromNanos, toNanos])).toEqual([
    [1e9, 2e9],
    [2e9, undefined],
  ]);
});

test('a cluster whose members have changed shows which nodes left and which joined, and partitions are between its members', () => {
  const ops = opsOf([
    [1, 'info', 'nemesis', 'add-member', null],
    [2, 'info', 'nemesis', 'add-member', { n4: 'added' }],
    [3, 'info', 'nemesis', 'remove-member', { n2: 'timeout' }],
    [4, 'info', 'nemesis', 'remove-member', { n1: 'removing' }],
    [5, 'info', 'nemesis', 'start-partition', 'one'],
    [5, 'info', 'nemesis', 'start-partition', ['isolated', { n4: ['n2', 'n3'], n2: ['n4'], n3: ['n4'] }]],
  ]);
  expect(faultBands(ops, NODES)).toEqual([
    { kind: 'membership', fromNanos: 2e9, toNanos: 4e9, about: 'with n4' },
    { kind: 'membership', fromNanos: 4e9, toNanos: undefined, about: 'without n1, with n4' },
    { kind: 'partition', fromNanos: 5e9, toNanos: undefined, about: 'n2 n3 | n4' },
  ]);
});

test('a grudge is not a list of nodes, and only the first of many sentences are shown', () => {
  const cut = (grudge: Json) => [
    { time: 0, f: 'start-one-way', value: null },
    { time: 0, f: 'start-one-way', value: ['isolated', grudge] },
  ];
  const few = faultViews(cut({ n1: ['n2', 'n3'] }), ['n1', 'n2', 'n3']);
  expect(few[0]).toMatchObject({ about: 'n1 does not hear n2 n3', nodes: ['n1', 'n2', 'n3'] });
  const nodes = Array.from({ length: 9 }, (_, at) => `n${at + 1}`);
  const many = faultViews(cut(Object.fromEntries(nodes.slice(1).map((node) => [node, ['n1']]))), nodes);
  expect(many[0]?.about).toBe('n2 does not hear n1; n3 does not hear n1; n4 does not hear n1; and 5 more');
});

test('a partition is described by its parts, with the members at that moment', () => {
  const grudge = ['isolated', { n1: ['n3'], n3: ['n1'] }];
  const ops = opsOf([
    [1, 'info', 'nemesis', 'remove-member', { n2: 'removed' }],
    [2, 'info', 'nemesis', 'start-partition', 'random'],
    [2, 'info', 'nemesis', 'start-partition', grudge],
  ]);
  expect(partitionText(ops, NODES)).toBe('n1 | n3');
  expect(partitionText(ops.slice(1), NODES)).toBe('n1 and n3 do not hear each other');
  expect(partitionText(ops.slice(0, 2), NODES)).toBeUndefined();
});
