/** Inspecting the nodes' states after each turn changes nothing in a run: history, messages and their causes are the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { MemoryJournal } from '../src/network/journal/memory-journal.ts';
import { stringifyJson } from '../src/protocol/json.ts';
import { TestRun } from '../src/run/test-run.ts';
import { linKv } from '../src/workloads/lin-kv/lin-kv.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(
  bin: string,
  look: (world: SimulatedWorld, node: string) => void,
): Promise<readonly string[]> {
  const world = new SimulatedWorld({ seed: 'look' });
  const journal = new MemoryJournal();
  const lines: string[] = [];
  world.watchTurns({ turn: (node) => look(world, node), gone: () => {} });
  const spec = completeSpec({
    workload: 'lin-kv',
    bin,
    world: 'simulated',
    seed: 'look',
    concurrency: 10,
    rate: 50,
    timeLimitSeconds: 15,
    nemesis: ['kill', 'pause', 'partition', 'loss'],
    nemesisIntervalSeconds: 2,
    latency: { distribution: 'exponential', meanMs: 5 },
  });
  const testRun = new TestRun(spec, linKv, world, {
    history: { append: (op) => void lines.push(stringifyJson({ ...op, process: String(op.process) })) },
    journal,
    log: (line) => void lines.push(line),
    nodeLogFile: () => undefined,
  });
  try {
    const results = await testRun.run();
    lines.push(JSON.stringify(results['nodes']), JSON.stringify(results['net']));
  } finally {
    await world.close();
  }
  for (let number = 0; number < journal.eventCount; number++)
    lines.push(JSON.stringify(journal.event(number)));
  for (let id = 0; id < journal.messageCount; id++) {
    const { src, dest, body, cause } = journal.message(id);
    lines.push(`${id} ${src} ${dest} ${body.toString()} ${JSON.stringify(cause)}`);
  }
  return lines;
}

test('a Raft under faults has the same bytes, with looks and without', { timeout: 60_000 }, async () => {
  const program = fileURLToPath(new URL('../examples/raft', import.meta.url));
  const { bin } = await bundleNode(program, 'simulated', folder);
  let looks = 0;
  const states = new Set<string>();
  const looked = await run(bin, (world, node) => {
    looks++;
    const shown = world.inspect(node);
    if (shown?.kind === 'state') states.add(shown.json);
    else if (shown !== undefined) throw new Error(shown.message);
  });
  const alone = await run(bin, () => {});
  expect(looks).toBeGreaterThan(1000);
  expect(states.size).toBeGreaterThan(100);
  expect(looked.length).toBeGreaterThan(3000);
  expect(looked).toEqual(alone);
});
