import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import { BATCH_RUNS, batchNumberOf, lastRunOf, readBatch, readBatchResult } from './batch.ts';
import { newCampaign, readCampaign, sha256Of } from './campaign.ts';
import { NotOurs } from './read-fields.ts';
import { readRedisAddress } from './redis-address.ts';
import { kindProblem } from './run-kind.ts';
import { readWorkers } from './worker-card.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-campaigns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const INVARIANT = join(folder, 'invariant.ts');
writeFileSync(INVARIANT, 'export default () => undefined;');
const ID = '0123456789abcdef';
const HERE = { maelstrom: '0.1.0', build: 'abcdef012345', node: '20.19.0' };
const campaign = newCampaign(
  {
    id: ID,
    startedAt: '2026-11-21T02:34:56.789Z',
    host: 'here',
    kind: HERE,
    plan: {
      base: completeSpec({ workload: 'echo', bin: '/x.ts', world: 'simulated', invariants: [INVARIANT] }),
      asked: ['nodes'],
      kept: [],
      leastNodes: 1,
      readySeconds: 0.1,
      hasPrimary: false,
    },
    program: { shown: 'x.ts', name: 'x.ts.simulated.json', sha256: sha256Of('x') },
  },
  new Map([[INVARIANT, Buffer.from('sent')]]),
);
const written = JSON.parse(JSON.stringify(campaign)) as Record<string, unknown>;
const changed = (fields: object): string => JSON.stringify({ ...written, ...fields });

describe('a campaign', () => {
  it('is read back as it was written', () => {
    expect(readCampaign(ID, JSON.stringify(campaign))).toEqual(written);
  });

  it.each<[string, string]>([
    ['not JSON', 'nonsense'],
    ['a list', '[]'],
    ['of a later version', changed({ version: 2 })],
    ['under another id', changed({ id: 'fedcba9876543210' })],
    ['without a plan', changed({ plan: null })],
    ['of a spec with unknown settings', changed({ plan: { ...campaign.plan, base: { evil: 1 } } })],
    ['of a program that is a path', changed({ program: { ...campaign.program, name: '../../.bashrc' } })],
    ['of a program that is a dot file', changed({ program: { ...campaign.program, name: '.profile' } })],
    ['without a file that its plan names', changed({ files: [] })],
    [
      'with a file of an invalid name',
      changed({ files: [...campaign.files, { path: '/x/..', sha256: sha256Of('x') }] }),
    ],
    ['of an invalid digest', changed({ program: { ...campaign.program, sha256: '../x' } })],
  ])('that is %s is not recognized', (_, text) => {
    expect(() => readCampaign(ID, text)).toThrow(NotOurs);
  });

  it('is only for workers with the same code and the same Node.js', () => {
    expect(kindProblem(campaign.kind, HERE)).toBeUndefined();
    expect(kindProblem(campaign.kind, { ...HERE, node: '20.20.2' })).toBeUndefined();
    expect(kindProblem(campaign.kind, { ...HERE, node: '24.1.0' })).toBe(
      'the hunt needs Node.js 20, but the worker has Node.js 24',
    );
    expect(kindProblem(campaign.kind, { ...HERE, maelstrom: '0.2.0' })).toBe(
      'the hunt needs Maelstrom 0.1.0, but the worker has 0.2.0',
    );
    expect(kindProblem(campaign.kind, { ...HERE, build: '0' })).toContain('another build');
  });
});

describe('a batch', () => {
  const outcome = {
    verdict: true,
    signature: [],
    operations: 3,
    succeeded: 3,
    messages: 8,
    nanos: 1e9,
    meetings: { pause: { began: 1, underWay: 0, succeeded: 1 } },
    fates: { echo: { sent: 3, fates: { partition: 1 } } },
  };
  const failed = {
    ...outcome,
    verdict: false,
    signature: ['workload'],
    failure: { sentence: 'It is wrong.', problem: '' },
  };
  const result = {
    version: 1,
    worker: ID,
    cpuMs: 12.5,
    runs: [
      { outcome, compared: true },
      { outcome: failed, doubt: 'impure' },
    ],
  };
  const batch = { from: 7, to: 8 };

  it('has the same runs, whichever of them are requested', () => {
    expect([1, BATCH_RUNS, BATCH_RUNS + 1].map(batchNumberOf)).toEqual([1, 1, 2]);
    expect(lastRunOf(batchNumberOf(3))).toBe(BATCH_RUNS);
    expect(readBatch({ from: 3, to: BATCH_RUNS, seed: 's' })).toEqual({ from: 3, to: BATCH_RUNS, seed: 's' });
    for (const wrong of [
      {},
      { from: 0, to: 1, seed: 's' },
      { from: 1, to: 1e9, seed: 's' },
      { from: 1, to: 1 },
    ])
      expect(() => readBatch(wrong)).toThrow(NotOurs);
  });

  it('is read back as its worker wrote it', () => {
    expect(readBatchResult(batch, JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['of another number of runs', { ...result, runs: result.runs.slice(1) }],
    [
      'of an invalid verdict',
      { ...result, runs: [{ outcome: { ...outcome, verdict: 'fine' } }, result.runs[1]] },
    ],
    [
      'of a failure without a description',
      { ...result, runs: [{ outcome: { ...outcome, signature: ['x'] } }, result.runs[1]] },
    ],
    [
      'of a description without a failure',
      { ...result, runs: [{ outcome: { ...failed, signature: [] } }, result.runs[1]] },
    ],
    [
      'of endless numbers',
      { ...result, runs: [{ outcome: { ...outcome, operations: 1e300 } }, result.runs[1]] },
    ],
    ['of endless text', { ...result, runs: [{ outcome, why: 'x'.repeat(1e6) }, result.runs[1]] }],
    ['of an unknown doubt', { ...result, runs: [{ outcome, doubt: 'constructor' }, result.runs[1]] }],
  ])('%s is not the result of a worker', (_, value) => {
    expect(() => readBatchResult(batch, value)).toThrow(NotOurs);
  });
});

it('invalid cards of workers, and those an hour old, are dropped', () => {
  const card = {
    host: 'lab',
    pid: 7,
    processes: 8,
    kind: HERE,
    seenAtMs: 5000,
    runs: 3,
    serves: [ID],
    refuses: [],
  };
  const all = {
    a: JSON.stringify(card),
    b: JSON.stringify({ ...card, host: 'abc' }),
    evil: '{"host":["<script>"]}',
    none: 'x',
  };
  const { cards, forgotten } = readWorkers(all, 6000);
  expect(cards.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(forgotten).toEqual(['evil', 'none']);
  expect(readWorkers(all, 4e6).cards).toEqual([]);
});

it.each([
  ['redis://here', { host: 'here', port: 6379 }, 'redis://here:6379'],
  [
    'redis://me:s%40cret@here:1/2',
    { host: 'here', port: 1, username: 'me', password: 's@cret', db: 2 },
    'redis://here:1/2',
  ],
  ['rediss://:secret@[::1]:1', { host: '::1', port: 1, password: 'secret', tls: {} }, 'rediss://[::1]:1'],
])('%s is read, and shown without its password', (word, address, shown) => {
  expect(readRedisAddress(word)).toEqual({ address, shown });
});

it.each([
  'here:6379',
  'http://u:secret@here',
  'redis://',
  'redis://here/x',
  'redis://here?db=1',
  'redis://u:secret@here:99999',
  'redis://u:secret',
  'redis://:secret/1',
  ':secret',
])('%s is not the address of a Redis, and its password is not shown', (word) => {
  expect(() => readRedisAddress(word)).toThrow(/is not the address of a Redis/);
  expect(() => readRedisAddress(word)).not.toThrow(/secret/);
});
