/**
 * Every operation is shown with the node that served it, even when nodes join and leave: what was recorded when a client was
 * opened is compared with the requests in the journal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runTest } from '../src/harness/one-test/run-test.ts';
import { RunView } from '../src/server/runs/run-view.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-clients-'));
afterAll(() => rmSync(store, { recursive: true }));
const bin = fileURLToPath(new URL('../examples/g-set-membership.ts', import.meta.url));
const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];

test.each([
  ['simulated', 20, 3],
  ['real', 5, 1],
] as const)(
  'under membership changes operations have the nodes of their requests, %s',
  async (world, timeLimitSeconds, nemesisIntervalSeconds) => {
    const settings = { nodes: NODES, concurrency: 10, rate: 20, seed: '7', recoverySeconds: 1 };
    const { folder } = await runTest({
      ...settings,
      workload: 'g-set',
      bin,
      world,
      store,
      report: false,
      timeLimitSeconds,
      nemesis: ['membership'],
      nemesisIntervalSeconds,
    });
    const view = new RunView(folder);
    await view.refreshJournal();
    await view.refreshHistory();

    const { index } = view.history.columns;
    const seen = Array.from({ length: view.history.count }, (_, row) => view.operation(index.at(row)));
    let moved = 0;
    for (const operation of seen) {
      const dests = operation?.exchanges.map(({ request }) => request.dest);
      expect(dests).toEqual([operation?.node]);
      if (operation?.node !== NODES[(operation?.process ?? 0) % NODES.length]) moved++;
    }
    // Without membership changes each client would stay with one node, and this would prove nothing.
    expect(moved).toBeGreaterThan(0);
  },
  60_000,
);
