import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTest } from '../harness/run-test.ts';
import type { Position } from '../recording/travel-view.ts';
import { Travel } from './travel.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-travel-test-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

async function storedRun(): Promise<string> {
  const { folder } = await runTest({
    workload: 'lin-kv',
    bin: example('raft'),
    world: 'simulated',
    seed: 'travel',
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 4,
    rate: 20,
    timeLimitSeconds: 5,
    recoverySeconds: 1,
    nemesis: ['kill', 'partition', 'pause', 'duplicate', 'loss'],
    nemesisIntervalSeconds: 1,
    latency: { distribution: 'exponential', meanMs: 5 },
    store,
    report: false,
  });
  return folder;
}

async function ready(folder: string): Promise<Travel> {
  const travel = Travel.open(folder);
  await travel.prepare();
  return travel;
}

const at = (travel: Travel, event: number): Promise<Position> =>
  travel.seek({ to: { kind: 'event', event } });

describe('a run that is stepped through', () => {
  let folder = '';
  let travel: Travel;
  let events = 0;
  beforeAll(async () => {
    folder = await storedRun();
    travel = await ready(folder);
    const state = travel.opened();
    if (state.kind === 'ready') events = state.line.events;
  }, 60_000);
  afterAll(() => travel.close());

  it('is the recorded run, to its end', () => {
    const state = travel.opened();
    expect(state).toMatchObject({ kind: 'ready', remarks: [] });
    expect(state).not.toHaveProperty('differs');
    expect(events).toBeGreaterThan(1000);
  });

  it('shows the same whether a position is come to by steps or by a seek, forward or back', async () => {
    const from = Math.floor(events / 2);
    const stepped: Position[] = [];
    for (let event = from; event < from + 300; event++) stepped.push(await at(travel, event));
    const other = await ready(folder);
    try {
      for (const number of [from + 299, from + 40, from + 170, from]) {
        const sought = await at(other, number);
        expect(sought).toEqual(stepped[number - from]);
      }
      for (let event = from + 299; event >= from; event -= 7)
        expect(await at(other, event)).toEqual(stepped[event - from]);
    } finally {
      other.close();
    }
  });
});
