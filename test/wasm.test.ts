/** Complete runs of WebAssembly programs: the recorded modules, and the examples newly compiled where a compiler is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTest } from '../src/harness/one-test/run-test.ts';
import { openSimulator } from '../src/harness/simulations/simulator.ts';
import { completeSpec, type TestSettings } from '../src/harness/settings/spec-defaults.ts';
import type { Position } from '../src/recording/travel-view.ts';
import { Travel } from '../src/travel/travel.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { loadWorkload } from '../src/harness/own/load-own.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = (name: string): string => join(root, 'test/wasm', `${name}.wasm`);
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-wasm-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns how many of the seeds fail, in one process. */
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
  it('have the same verdict simulated and as processes', async () => {
    const settings = {
      workload: 'echo',
      bin: fixture('echo'),
      nodes: ['n1', 'n2'],
      timeLimitSeconds: 1,
      rate: 20,
    } as const;
    for (const world of ['simulated', 'real'] as const) {
      const { results } = await runTest({ ...settings, world, store: join(folder, world), report: false });
      expect(results, world).toMatchObject({ 'valid?': true, stats: { 'valid?': true } });
    }
  });

  it('read the other files if the program is a folder, in both worlds', async () => {
    const bin = join(folder, 'in-a-folder');
    mkdirSync(join(bin, 'lib'), { recursive: true });
    cpSync(fixture('hostile'), join(bin, 'index.wasm'));
    writeFileSync(join(bin, 'index.args'), 'folder\n');
    writeFileSync(join(bin, 'lib/text'), 'a library');
    const logs: string[] = [];
    for (const world of ['simulated', 'real'] as const) {
      const settings = { workload: 'echo', bin, nodes: ['n1'], timeLimitSeconds: 0.1, world } as const;
      const store = join(folder, `in-a-folder-${world}`);
      const { folder: run } = await runTest({ ...settings, store, report: false });
      logs.push(readFileSync(join(run, 'node-logs/n1.log'), 'utf8').replaceAll(/^start\+\S+ /gm, ''));
    }
    expect(logs[0]).toContain('/program/lib/text: a library\n/lib/text: a library\n');
    expect(logs[1]).toBe(logs[0]);
  });

  it('are reported as soon as they end by themselves, as processes too, without another message', async () => {
    const ending = { workload: 'echo', bin: fixture('hostile'), args: ['exit'], nodes: ['n1'] } as const;
    for (const world of ['simulated', 'real'] as const) {
      const settings = {
        ...ending,
        world,
        rate: 0.001,
        timeLimitSeconds: 0.5,
        recoverySeconds: 0,
        report: false,
      };
      const { results } = await runTest({ ...settings, store: join(folder, `ending-${world}`) });
      expect(results['nodes'], world).toMatchObject({ problems: [{ node: 'n1', kind: 'crashed', code: 7 }] });
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

  it('are caught if they omit the sync, and only then', async () => {
    expect(await failures({ ...STORE, bin: fixture('forgetful-kv') }, SEEDS)).toBeGreaterThan(0);
    expect(await failures({ ...STORE, bin: fixture('journal-kv') }, SEEDS)).toBe(0);
  });
});

describe('the commands, with the recorded modules', { timeout: 120_000 }, () => {
  // Builds if needed.
  beforeAll(() => void spawnSync('sh', [join(root, 'scripts/prepare.sh')], { stdio: 'ignore' }), 120_000);

  it('read their whole stdin as processes, also what came just before its end', () => {
    const echoes = Array.from({ length: 5000 }, (_, i) => i + 2);
    const input = [
      { type: 'init', msg_id: 1 },
      ...echoes.map((id) => ({ type: 'echo', msg_id: id, echo: id })),
    ]
      .map((body) => `${JSON.stringify({ src: 'c1', dest: 'n1', body })}\n`)
      .join('');
    const words = [join(root, 'dist/run-wasm.cjs'), fixture('echo')];
    const { status, stdout } = spawnSync(process.execPath, words, { input, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1 + echoes.length);
  });

  const maelstrom = (
    ...words: readonly string[]
  ): { readonly code: number | null; readonly output: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'dist/maelstrom.js'), ...words],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      },
    );
    return { code: status, output: stdout + stderr };
  };

  it('hunt finds that a store forgets, shrinks that, and keeps it as a scenario that fails again', () => {
    const what = ['-w', 'lin-kv', '--bin', fixture('forgetful-kv'), '--store', join(folder, 'hunted')];
    const size = ['--node-count', '1', '--concurrency', '4', '--rate', '60', '--time-limit', '3'];
    const faults = ['--nemesis', 'kill', '--nemesis-interval', '1', '--seed', '12'];
    const kept = ['--keep', 'rate,time-limit,concurrency', '--time', '1h', '--workers', '1'];
    const found = maelstrom('hunt', ...what, ...size, ...faults, ...kept);
    expect(found.code, found.output).toBe(1);
    expect(found.output).toMatch(/ is not linearizable\n\n1\. /);
    expect(found.output).toMatch(/n0 is killed\n.*n0 restarts with only what it had stored/);
    const [, operations] = /\n(\d+) operations, \d+ faults?, 1 node/.exec(found.output) ?? [];
    expect(Number(operations)).toBeLessThan(6);
    const [again = ''] = /(?<=--scenario )\S+/.exec(found.output) ?? [];
    const ran = maelstrom('test', '--scenario', again, '--no-report', '--store', join(folder, 'again'));
    expect(ran.code, ran.output).toBe(1);
    const digest = (run: string): unknown =>
      (JSON.parse(readFileSync(join(folder, run, 'test.json'), 'utf8')) as { readonly digest: unknown })
        .digest;
    expect(digest('again/latest')).toBe(digest(dirname(again)));
  });

  it('explore tries all crashes of one node, finds the missing sync, and that two nodes do not agree', () => {
    const what = ['-w', 'lin-kv', '--bin', fixture('journal-kv')];
    const exploring = (...words: readonly string[]) =>
      maelstrom('explore', ...what, '--ops', '2', '--time', '1h', '--workers', '1', ...words);
    const one = exploring('--nodes', '1', '--kinds', 'crash', '--deviations', '1');
    expect(one.output).toContain(
      'Nothing within 1 deviation on up to 1 node with up to 2 operations: 60 executions',
    );
    expect(one.code).toBe(0);
    const forgets = ['-w', 'lin-kv', '--bin', fixture('forgetful-kv'), '--nodes', '1', '--kinds', 'crash'];
    const forgetful = maelstrom('explore', ...forgets, '--deviations', '1', '--ops', '2', '--workers', '1');
    expect(forgetful.output).toContain('Fails with 1 deviation: missing-keys');
    const two = exploring('--nodes', '2', '--deviations', '1');
    expect(two.code, two.output).toBe(1);
    expect(two.output).toContain('Key 0 is missing after it was written');
  });
});

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Why it cannot be compiled here; empty if it can. */
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
