import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { simulateOnce } from '../harness/simulate-once.ts';
import { completeSpec } from '../harness/spec-defaults.ts';
import { bundleNode } from '../world/bundle.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { alphabetOf } from './alphabet.ts';
import { withDeviations } from './deviations.ts';
import { explore, type Explored, type ExploreOptions } from './explore.ts';
import { scopesOf } from './scopes.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-explore-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Bounds = Pick<ExploreOptions, 'mostNodes' | 'mostOps' | 'mostDeviations' | 'kinds'> &
  Pick<Partial<ExploreOptions>, 'mostExecutions'>;

async function explored(name: string, example: string, bounds: Bounds): Promise<Explored> {
  const workload = WORKLOADS.get(name);
  const alphabet = alphabetOf(name);
  if (workload === undefined || alphabet === undefined) throw new Error(`no workload ${name}`);
  const program = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
  const { bin } = await bundleNode(program, 'simulated', folder);
  const base = completeSpec({
    workload: name,
    bin,
    world: 'simulated',
    seed: 'explore',
    latency: { distribution: 'constant', meanMs: 10 },
    recoverySeconds: 2,
  });
  return explore({
    ...bounds,
    base,
    alphabet,
    execute: (spec, journal) => simulateOnce(spec, workload, spec.seed, { journal }),
  });
}

const ALL: Bounds['kinds'] = new Set(['drop', 'duplicate', 'delay']);
const TWO_NODES = { mostNodes: 2, mostOps: 1, mostDeviations: 3, kinds: ALL };

it('one lost message breaks what trusts delivery', { timeout: 120_000 }, async () => {
  const found = await explored('broadcast', 'broken/trusts-delivery.ts', TWO_NODES);
  if (found.end !== 'found') throw new Error(`it ended ${found.end}`);
  expect(found.signature).toEqual(['lost']);
  expect(found.counts).toEqual([2, 1]);
  expect(found.spec.course?.messages).toMatchObject([
    { from: 'n1', to: 'n2', type: 'tell', nth: 0, do: 'drop' },
  ]);
  expect(found.spec.course?.ops).toMatchObject([{ f: 'broadcast', value: 1, thread: 0 }]);
});

it('what acknowledges and repeats passes all of them, always as many', { timeout: 120_000 }, async () => {
  const complete = await explored('broadcast', 'broadcast.ts', TWO_NODES);
  expect(complete).toEqual({ end: 'complete', executions: 11, deviations: 3, counts: [2, 6, 3, 0] });
});

it('a crash after a turn loses what was kept in memory only', { timeout: 120_000 }, async () => {
  const crash = { mostNodes: 1, mostOps: 2, mostDeviations: 1, kinds: new Set(['crash'] as const) };
  const found = await explored('kafka', 'broken/forgets-on-restart.ts', crash);
  if (found.end !== 'found') throw new Error(`it ended ${found.end}`);
  expect(found.deviations).toBe(1);
  expect(found.spec.course?.faults).toMatchObject([
    { f: 'kill', value: ['n1'] },
    { f: 'start', value: null },
  ]);
  const twin = await explored('kafka', 'kafka.ts', crash);
  expect(twin.end).toBe('complete');
  expect(twin.counts[1]).toBeGreaterThan(0);
});

it('a limit of executions is never called complete', { timeout: 120_000 }, async () => {
  const cut = await explored('broadcast', 'broadcast.ts', { ...TWO_NODES, mostExecutions: 5 });
  expect(cut).toEqual({ end: 'cut', executions: 5, deviations: 1, counts: [2, 3] });
});

it('no two scopes are the same, and shorter ones come first', () => {
  const alphabet = alphabetOf('broadcast');
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const scopes = [...scopesOf(alphabet, { mostNodes: 3, mostOps: 3 })];
  expect(new Set(scopes.map((scope) => JSON.stringify(scope))).size).toBe(scopes.length);
  const lengths = scopes.map(({ course }) => course.ops.length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
});

it('a crashed node is started again by an operation of its own', () => {
  const [scope] = scopesOf(
    { letters: [() => [{ f: 'read', value: null }]], final: [] },
    { mostNodes: 1, mostOps: 1 },
  );
  if (scope === undefined) throw new Error('there is a scope');
  const course = withDeviations(scope.course, [{ kind: 'crash', place: 3, node: 'n1', atNanos: 100 }]);
  expect(course.faults).toEqual([
    { label: 0, atNanos: 100, f: 'kill', value: ['n1'] },
    { label: 1, atNanos: 5_000_100, f: 'start', value: null },
  ]);
});
