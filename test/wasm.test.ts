/** Programs in WebAssembly as whole runs: the recorded modules, and the examples compiled afresh where a compiler is there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest } from '../src/harness/run-test.ts';
import { openSimulator } from '../src/harness/simulator.ts';
import { completeSpec, type TestSettings } from '../src/harness/spec-defaults.ts';
import type { Position } from '../src/recording/travel-view.ts';
import { Travel } from '../src/travel/travel.ts';
import { bundleNode } from '../src/world/bundle.ts';
import { loadWorkload } from '../src/harness/load-own.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name: string): string => join(root, 'test/wasm', `${name}.wasm`);
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-wasm-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** How many of some seeds fail, in one process. */
async function failures(settings: TestSettings, seeds: readonly string[]): Promise<number> {
  const { bin } = await bundleNode(settings.bin, 'simulated', folder);
  const spec = completeSpec({ ...settings, bin, world: 'simulated' });
  const workload = await loadWorkload(spec);
  const simulator = openSimulator();
  let failed = 0;
  for (const seed of seeds) {
    const { results } = await simulator.run(spec, workload, seed);
    if (results['valid?'] !== true) failed++;
  }
  simulator.close();
  return failed;
}

const STORE = {
  workload: 'lin-kv',
  nodes: ['n1'],
  concurrency: 8,
  rate: 100,
  timeLimitSeconds: 8,
  nemesis: ['kill'],
  nemesisIntervalSeconds: 1,
} as const;
const SEEDS = ['1', '2', '3', '4', '5'];

describe('the recorded modules', () => {
  it('come to the same verdict simulated and as processes', async () => {
    const settings = {
      workload: 'echo',
      bin: fixture('echo'),
      nodes: ['n1', 'n2'],
      timeLimitSeconds: 1,
      rate: 20,
    } as const;
    for (const world of ['simulated', 'real'] as const) {
      const { results } = await runTest({ ...settings, world, store: join(folder, world) });
      expect(results, world).toMatchObject({ 'valid?': true, stats: { 'valid?': true } });
    }
  });

  it('can be stepped through, back and forth', async () => {
    const settings = { ...STORE, bin: fixture('journal-kv'), timeLimitSeconds: 2, seed: 'travel' };
    const store = join(folder, 'travel');
    const { folder: run } = await runTest({ ...settings, world: 'simulated', store, report: false });
    const travel = Travel.open(run);
    try {
      await travel.prepare();
      expect(travel.opened()).toMatchObject({ kind: 'ready' });
      const seek = (event: number): Promise<Position> => travel.seek({ to: { kind: 'event', event } });
      const [early, late] = [await seek(20), await seek(200)];
      expect(late.nanos).toBeGreaterThan(early.nanos);
      expect(await seek(20)).toEqual(early);
    } finally {
      travel.close();
    }
  });

  it('are caught where they forget to sync, and only there', async () => {
    expect(await failures({ ...STORE, bin: fixture('forgetful-kv') }, SEEDS)).toBeGreaterThan(0);
    expect(await failures({ ...STORE, bin: fixture('journal-kv') }, SEEDS)).toBe(0);
  });
});

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Why it cannot be compiled here; empty where it can. */
const COMPILERS = {
  c: succeeds('sh', [
    '-c',
    'echo "#include <stdio.h>\nint main(void){return 0;}" | clang --target=wasm32-wasi -x c - -o /dev/null',
  ])
    ? ''
    : ' (skipped: there is no clang with wasi-libc)',
  rust: succeeds('sh', ['-c', 'echo "fn main(){}" | /usr/bin/rustc --target wasm32-wasi -o /dev/null -'])
    ? ''
    : ' (skipped: there is no rustc with wasm32-wasi in /usr/bin)',
};

describe('the examples, compiled', () => {
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  const compile = (source: string): string => {
    const out = join(folder, `${source.replace(/\W/g, '-')}.wasm`);
    const [command, ...args] = source.endsWith('.c')
      ? ['clang', '--target=wasm32-wasi', '-Os', '-s', '-o', out]
      : ['/usr/bin/rustc', '--edition', '2021', '--target', 'wasm32-wasi', '-O', '-o', out];
    execFileSync(command ?? '', [...args, join(folder, 'examples', source)], { stdio: 'pipe' });
    return out;
  };

  it.skipIf(COMPILERS.c !== '')(`from C keep what they promise${COMPILERS.c}`, async () => {
    expect(await failures({ ...STORE, bin: compile('wasm/journal-kv.c') }, ['1'])).toBe(0);
    const echo = { workload: 'echo', bin: compile('c/echo.c'), timeLimitSeconds: 1, nodes: ['n1'] };
    expect(await failures(echo, ['1'])).toBe(0);
    const broadcast = {
      workload: 'broadcast',
      bin: compile('c/broadcast.c'),
      timeLimitSeconds: 3,
      nodes: ['n1', 'n2', 'n3'],
    };
    expect(await failures({ ...broadcast, nemesis: ['partition'] }, ['1'])).toBe(0);
  });

  it.skipIf(COMPILERS.rust !== '')(`from Rust keep what they promise${COMPILERS.rust}`, async () => {
    expect(await failures({ ...STORE, bin: compile('wasm/journal-kv.rs') }, ['1'])).toBe(0);
    const echo = { workload: 'echo', bin: compile('rust/echo.rs'), timeLimitSeconds: 1, nodes: ['n1'] };
    expect(await failures(echo, ['1'])).toBe(0);
  });
});
