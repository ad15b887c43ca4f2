/**
 * Real clusters, from the program on disk to the files in the store: for every workload the example passes, with faults where
 * it should tolerate them, and the broken example is caught.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openRun, runTest, type RunTestOptions, type StoredResults } from '../src/index.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-real-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

function run(program: string, options: Omit<RunTestOptions, 'bin'>): Promise<StoredResults> {
  const bin = fileURLToPath(new URL(`../examples/${program}`, import.meta.url));
  return runTest({ store, seed: 'real', report: false, ...options, bin });
}

const CUT = {
  nodes: ['n1', 'n2', 'n3'],
  timeLimitSeconds: 4,
  rate: 20,
  recoverySeconds: 2,
  nemesis: ['partition'],
  nemesisIntervalSeconds: 1,
};

describe.concurrent('a correct node passes', () => {
  it.each([
    ['echo', 'echo.ts', { timeLimitSeconds: 2, rate: 20 }],
    ['echo', 'python/echo.py', { timeLimitSeconds: 2, rate: 20 }],
    ['unique-ids', 'unique-ids.ts', CUT],
    ['unique-ids', 'javascript/unique-ids.js', CUT],
    ['broadcast', 'broadcast.ts', CUT],
    ['broadcast', 'python/broadcast-one-loop.py', CUT],
    ['g-set', 'g-set.ts', CUT],
    ['g-set', 'python/g-set.py', CUT],
    ['g-counter', 'g-counter.ts', CUT],
    ['g-counter', 'g-counter-seq-kv.ts', CUT],
    ['pn-counter', 'pn-counter.ts', CUT],
  ])('%s: %s', async (workload, program, options) => {
    const { results } = await run(program, { ...options, workload });
    expect(results['valid?'], JSON.stringify(results['workload'])).toBe(true);
  });
});

describe.concurrent('a broken node is caught', () => {
  it.each(['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter'])('%s', async (workload) => {
    const options = { workload, nodes: CUT.nodes, timeLimitSeconds: 4, rate: 50, recoverySeconds: 1 };
    const { results } = await run(`broken/${workload}.ts`, options);
    expect(results['workload']).toMatchObject({ 'valid?': false });
  });
});

describe('the stored run', () => {
  it('can be read back', async () => {
    const { results, folder } = await run('echo.ts', {
      workload: 'echo',
      timeLimitSeconds: 1,
      rate: 50,
      report: true,
    });
    const stored = openRun(folder);
    expect(stored.results()).toMatchObject({ 'valid?': true, stats: results['stats'] });
    expect(stored.results()).toMatchObject({ net: results['net'] });
    const { ops } = stored.history();
    expect(ops.filter(({ type }) => type === 'ok')).toHaveLength(
      (results['stats'] as { 'ok-count': number })['ok-count'],
    );
    const journal = stored.journal();
    expect(journal.messageCount).toBe(
      (results['net'] as { all: { 'send-count': number } }).all['send-count'],
    );
    journal.close();
    expect(readFileSync(join(folder, 'node-logs', 'n1.log'), 'utf8')).toBeDefined();
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('</html>');
  });

  it('is the same, byte for byte, for the same seed in the simulated world', async () => {
    const options = {
      ...CUT,
      workload: 'broadcast',
      world: 'simulated',
      latency: { distribution: 'exponential', meanMs: 20 },
    } as const;
    const runs = [await run('broadcast.ts', options), await run('broadcast.ts', options)];
    for (const name of [
      'history.jsonl',
      'history.edn',
      'history.txt',
      'results.edn',
      'net-journal/bodies.ndjson',
      'net-journal/events.bin',
    ]) {
      const [first, second] = runs.map(({ folder }) => readFileSync(join(folder, name)));
      expect(first?.length, name).toBeGreaterThan(0);
      expect(first?.equals(second ?? Buffer.alloc(0)), name).toBe(true);
    }
  });

  it('differs for another seed', async () => {
    const options = { workload: 'echo', world: 'simulated', timeLimitSeconds: 5 } as const;
    const [first, second] = [
      await run('echo.ts', { ...options, seed: 'a' }),
      await run('echo.ts', { ...options, seed: 'b' }),
    ];
    const history = ({ folder }: StoredResults): string =>
      readFileSync(join(folder, 'history.jsonl'), 'utf8');
    expect(history(first)).not.toBe(history(second));
  });
});

describe('runTest', () => {
  it('explains settings that cannot be used', async () => {
    await expect(run('echo.ts', { workload: 'ehco' })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('Did you mean echo?'),
    });
  });

  it('ends when its signal is aborted', async () => {
    const stop = new AbortController();
    const running = run('echo.ts', {
      workload: 'echo',
      signal: stop.signal,
      onStart: () => stop.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
  });
});
