import { expect, it } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { Op, OpType, Process } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { failoverIn, losingPrimary } from './failover.ts';

const spec = completeSpec({
  workload: 'lin-kv',
  bin: '/x.ts',
  nodes: ['n1', 'n2', 'n3'],
  nemesis: ['partition'],
  seed: '',
});

type Line = readonly [seconds: number, type: OpType, process: Process, value?: Json];

const CUT: Json = ['isolated', { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] }];
const LOSS: readonly Line[] = [
  [4, 'info', 'nemesis', 'primaries'],
  [4, 'info', 'nemesis', CUT],
];

const CLIENTS = [0, 1, 2, 4, 5].map((process) => ({
  name: `c${process}`,
  process,
  node: spec.nodes[process % 3] ?? '',
  time: 0,
}));

const history = (lines: readonly Line[]): readonly Op[] =>
  lines.map(([seconds, type, process, value = null], index) => ({
    index,
    time: seconds * 1e9,
    type,
    process,
    f: 'read',
    value,
  }));

it('the failover ends with the first success at another node of a request that began after the loss', () => {
  const some = history([
    [3.9, 'invoke', 5],
    ...LOSS,
    [4.1, 'ok', 5],
    [4.1, 'invoke', 0],
    [4.1, 'invoke', 1],
    [4.2, 'ok', 0],
    [4.3, 'fail', 1],
    [4.6, 'invoke', 2],
    [4.7, 'ok', 2],
  ]);
  expect(failoverIn(some, CLIENTS)).toBeCloseTo(0.7);
});

it('if the first request succeeds at once, the primary was not needed', () => {
  expect(failoverIn(history([...LOSS, [4.1, 'invoke', 1], [4.11, 'ok', 1]]), CLIENTS)).toBeUndefined();
  expect(failoverIn(history([...LOSS, [4.1, 'invoke', 1], [4.4, 'ok', 1]]), CLIENTS)).toBeCloseTo(0.4);
});

it('without a loss there is no failover; if all fail until it is over, a second is assumed', () => {
  const before: readonly Line[] = [
    [1, 'invoke', 1],
    [2, 'ok', 1],
  ];
  expect(failoverIn(history(before), CLIENTS)).toBeUndefined();
  const failed: readonly Line[] = [
    [4.1, 'invoke', 1],
    [5.1, 'info', 1],
    [9.6, 'invoke', 4],
    [9.7, 'ok', 4],
  ];
  expect(failoverIn(history([...LOSS, ...failed]), CLIENTS)).toBe(1);
});

it('the primary is lost by an allowed fault only, and a script of the user stays', () => {
  const [cut] = losingPrimary(spec).faultScript ?? [];
  expect(cut).toMatchObject({ fault: 'partition', target: 'primaries' });
  const [paused] = losingPrimary({ ...spec, nemesis: ['loss', 'pause'] }).faultScript ?? [];
  expect(paused).toMatchObject({ fault: 'pause', target: 'primary' });
  expect(losingPrimary({ ...spec, nemesis: ['loss'] })).toEqual({});
  expect(losingPrimary({ ...spec, faultScript: [] })).toEqual({});
  expect(losingPrimary({ ...spec, nodes: ['n1', 'n2'] })).toEqual({});
});
