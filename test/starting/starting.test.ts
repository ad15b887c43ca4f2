/** What reaches a node while it starts, in both worlds: its `init`, what it asked for itself, and nothing else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest, type RunTestOptions, type StoredResults } from '../../src/index.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-starting-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const run = (program: string, options: Omit<RunTestOptions, 'bin' | 'workload'>): Promise<StoredResults> =>
  runTest({
    store,
    report: false,
    seed: 'starting',
    workload: 'echo',
    timeLimitSeconds: 2,
    rate: 100,
    ...options,
    bin: fileURLToPath(new URL(program, import.meta.url)),
  });

describe.concurrent.each(['real', 'simulated'] as const)('in the %s world', (world) => {
  it(
    'no message of a peer reaches a node before its init_ok, and then all do in order',
    { timeout: 60_000 },
    async () => {
      const { results } = await run('early-bird.mjs', { world });
      expect(results['nodes']).toMatchObject({ problems: [] });
      expect(results['valid?']).toBe(true);
    },
  );

  it('nor after a kill, even if clients make requests', { timeout: 60_000 }, async () => {
    const { results } = await run('early-bird.mjs', {
      world,
      timeLimitSeconds: 4,
      faultScript: [{ at: 1, fault: 'kill', target: ['n3'], for: 1 }],
    });
    expect(results['nodes']).toMatchObject({ problems: [] });
    expect(results['stats']).toMatchObject({ 'valid?': true });
  });

  it(
    'nodes that call each other before they are initialised do not wait in vain',
    { timeout: 60_000 },
    async () => {
      const { results } = await run('asks-peers.mjs', { world });
      expect(results['valid?']).toBe(true);
    },
  );
});

it(
  'of a node that answers init only at the end of its stdin, the error says how to flush',
  { timeout: 60_000 },
  async () => {
    const nodes = ['n1', 'n2'];
    const { results } = await run('keeps-its-output.cjs', { world: 'real', nodes, initTimeoutSeconds: 4 });
    expect(results['valid?']).toBe(false);
    expect(JSON.stringify(results['nodes'])).toContain(
      'It printed that only when its stdin was closed. Its output is kept in a buffer: flush stdout after each line',
    );
  },
);

it.runIf(process.platform === 'linux')(
  'of a node that prints nothing, the error names how its language flushes',
  { timeout: 60_000 },
  async () => {
    const { results } = await run('prints-nothing.sh', {
      world: 'real',
      nodes: ['n1'],
      initTimeoutSeconds: 4,
    });
    expect(JSON.stringify(results['nodes'])).toContain('and flush, in awk by fflush()');
  },
);
