import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { broadcast } from '../../workloads/broadcast.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { resultsToJson } from '../../store/results/results-text.ts';
import { openTest } from '../one-test/open-test.ts';
import { simulateOnce, type SimulatedRun } from './simulate-once.ts';
import { completeSpec } from '../settings/spec-defaults.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-once-'));
afterAll(() => rmSync(folder, { recursive: true }));

const specOf = (bin: string) =>
  completeSpec({
    workload: 'broadcast',
    bin,
    world: 'simulated',
    seed: 'not this one',
    nodes: ['n1', 'n2', 'n3'],
    rate: 40,
    timeLimitSeconds: 2,
    recoverySeconds: 1,
    latency: { distribution: 'exponential', meanMs: 10 },
    steady: { loss: 0.05 },
    nemesis: ['partition', 'kill'],
    nemesisIntervalSeconds: 0.3,
  });

let bin = '';
beforeAll(async () => {
  const program = fileURLToPath(new URL('../../../examples/broken/trusts-delivery.ts', import.meta.url));
  ({ bin } = await bundleNode(program, 'simulated', folder));
}, 60_000);

it('has the history and the results of the test command, for that seed', { timeout: 60_000 }, async () => {
  const spec = specOf(bin);
  const once = await simulateOnce(spec, broadcast, 'a seed');
  const test = await openTest({ spec: { ...spec, seed: 'a seed' }, workload: broadcast, store: folder });
  const stored = await test.run();
  if (stored === undefined) throw new Error('the run was ended');
  const lines = readFileSync(join(stored.folder, 'history.jsonl'), 'utf8').trimEnd().split('\n');
  expect(once.history).toEqual(lines.map((line): unknown => JSON.parse(line)));
  expect(once.history.length).toBeGreaterThan(30);
  expect(resultsToJson(once.results)).toBe(
    resultsToJson(stored.results).replaceAll(/node-logs\/n\d\.log/g, ''), // no logs are kept here
  );
  expect(once.results['valid?']).toBe(false);
  expect(once.signature).toEqual([]); // no broadcast was answered, which proves nothing
});

it('repeats in one process, each run as if it were the first', { timeout: 60_000 }, async () => {
  const spec = specOf(bin);
  const runs = [];
  for (const seed of ['1', '2', '1', '3', '2']) runs.push(await simulateOnce(spec, broadcast, seed));
  const [one, two, oneAgain, three, twoAgain] = runs;
  const facts = (run: SimulatedRun | undefined) => ({ ...run, names: undefined });
  expect(facts(oneAgain)).toEqual(facts(one));
  expect(facts(twoAgain)).toEqual(facts(two));
  expect(one?.signature).toEqual(['lost']);
  expect(three?.history).not.toEqual(one?.history);
});
