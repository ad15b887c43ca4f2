import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { echo } from '../../workloads/echo.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { EventBudgetError, openSimulator } from './simulator.ts';
import { simulateIn } from './simulate-once.ts';
import { completeSpec } from '../settings/spec-defaults.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-simulator-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function specOf(program: string): Promise<ReturnType<typeof completeSpec>> {
  const file = join(folder, 'node.mjs');
  writeFileSync(file, program);
  const { bin } = await bundleNode(file, 'simulated', folder);
  const nodes = ['n1', 'n2'];
  return completeSpec({ workload: 'echo', bin, world: 'simulated', nodes, rate: 20, timeLimitSeconds: 0.5 });
}

const ECHO = `
  import { Node } from 'maelstrom/node';
  const node = new Node();
  node.on('echo', (body) => ({ echo: body.echo }));`;
const SPINS = `${ECHO}
  const spin = () => setImmediate(spin);
  spin();`;

it('a run that had failed before it was given up is a failure, and nothing that was still to come counts', async () => {
  const simulator = openSimulator({ eventBudget: 20_000 });
  const spec = await specOf(`
    import { always, Node } from 'maelstrom/node';
    const node = new Node();
    node.on('echo', (body) => {
      always(false, 'it never spins');
      const spin = () => setImmediate(spin);
      spin();
      return { echo: body.echo };
    });`);
  const given = await simulator.run(spec, echo, '1');
  expect(given.signature).toEqual(['node: assertion "it never spins"']);
  expect(given.results.interrupted).toMatchObject({ by: 'its number of events' });
  expect(given.givenUp).toBeInstanceOf(EventBudgetError);
  const alone = await simulateIn({ eventBudget: 20_000 }, spec, echo, '1', {});
  expect([alone.signature, alone.messages]).toEqual([given.signature, given.messages]);
});

it('gives up a run that exceeds its event budget, reports it, and continues with the next', async () => {
  const simulator = openSimulator({ eventBudget: 20_000 });
  const spins = await specOf(SPINS);
  const given = simulator.run(spins, echo, '1');
  await expect(given).rejects.toThrow(EventBudgetError);
  await expect(given).rejects.toThrow(
    /The run was given up at virtual time \d\.\d{3} s, after 20000 events: .* It has no verdict\./,
  );
  const right = await specOf(ECHO);
  const run = await simulator.run(right, echo, '1');
  expect(run.results['valid?']).toBe(true);
  const careful = await openSimulator({ careful: true }).run(right, echo, '1');
  expect(run.history).toEqual(careful.history);
  expect(careful.hasReusedRealms).toBe(false);
});
