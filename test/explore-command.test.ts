/** `maelstrom explore` as people use it: its output, its exit codes, its files, and what nodes may do to it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alphabetOf } from '../src/explore/alphabet.ts';
import { ExploreProcesses } from '../src/explore/explore-processes.ts';
import { explore, type Hands } from '../src/explore/explore.ts';
import { paceOf } from '../src/explore/pace.ts';
import { loadWorkload } from '../src/harness/own/load-own.ts';
import { exploredSpec } from '../src/explore/explored-spec.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { SHORTER_YIELD_LIMIT } from '../src/harness/simulations/yield-limit.ts';
import { exploredHere } from './support/explored-examples.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const examples = join(project, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-explore-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

/** How often this line is printed depends on the speed of the machine. */
const LIVE_LINE = /^\[exploring .*\n/gm;

async function maelstrom(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(join(project, 'maelstrom'), words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, output: output.replaceAll(LIVE_LINE, '') })),
  );
}

/** With one process: starting another takes longer than these few executions. */
const exploring = (...words: readonly string[]) =>
  maelstrom(['explore', '--time', '1h', '--workers', '1', ...words]);

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it(
  'tells the story of a failure and writes its scenario, which fails again',
  { timeout: 120_000 },
  async () => {
    const bin = join(examples, 'broken/trusts-delivery.ts');
    const words = ['explore', '--time', '1h', '-w', 'broadcast', '--bin', bin, '-o', 'found.json'];
    const { code, output } = await maelstrom(words);
    expect(code).toBe(1);
    expect(output).toContain(
      'Fails with 1 deviation: lost (3 executions (2 + 1, by the number of deviations)).',
    );
    expect(output).toContain('Element 0 is lost');
    expect(JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8'))).toMatchObject({
      expect: { signature: ['lost'] },
    });
    const again = await maelstrom(['test', '--scenario', 'found.json', '--store', 'store', '--no-report']);
    expect(again.code).toBe(1);
  },
);

it('states the bounds within which nothing was found', { timeout: 120_000 }, async () => {
  const bin = join(examples, 'broadcast.ts');
  const bounds = ['--nodes', '2', '--ops', '1', '--kinds', 'drop,duplicate,delay'];
  const complete = await exploring('-w', 'broadcast', '--bin', bin, ...bounds);
  expect(complete).toEqual({
    code: 0,
    output:
      'Nothing within 3 deviations on up to 2 nodes with up to 1 operation: 19 executions (2 + 4 + 5 + 8, by the number of deviations), complete.\n',
  });
  const cut = await exploring('-w', 'broadcast', '--bin', bin, ...bounds, '--max-runs', '5');
  expect(cut).toEqual({
    code: 0,
    output:
      'Nothing found: 5 executions (2 + 3, by the number of deviations); stopped at the limit of time or executions. ' +
      'Completed: 0 deviations on up to 2 nodes with up to 1 operation. At least 1 more remains.\n',
  });
});

it('the models decide what is right for transactions', { timeout: 120_000 }, async () => {
  const bin = join(examples, 'txn-rw-register-uncommitted.ts');
  const small = ['--nodes', '2', '--ops', '1', '--deviations', '1', '-o', 'txn.json'];
  const explored = (models: string) =>
    exploring('-w', 'txn-rw-register', '--bin', bin, ...small, '--consistency-models', models);
  expect(await explored('read-uncommitted')).toMatchObject({ code: 0 });
  const { code, output } = await explored('read-committed');
  expect(code).toBe(1);
  expect(output).toContain('G1b');
  expect((await explored('read-commited')).output).toContain('Did you mean read-committed?');
});

it('invariants and assertions count', { timeout: 120_000 }, async () => {
  const counting = program(
    'counting.ts',
    `import { always, Node } from 'maelstrom/node';
     const node = new Node();
     let n = 0;
     node.inspect(() => n);
     node.on('echo', (body) => { n++; always(n < 3, 'two at most', {}); return { echo: body.echo }; });`,
  );
  const never = program(
    'never-two.ts',
    'export default (states) => [...states.values()].some((n) => n === 2) ? "two at one node" : undefined;',
  );
  const echo = ['-w', 'echo', '--bin', counting, '--nodes', '1', '-o', 'echo.json'];
  expect((await exploring(...echo)).output).toContain(
    'Fails with 0 deviations: node: assertion "two at most"',
  );
  expect((await exploring(...echo, '--invariant', never)).output).toContain(
    'Fails with 0 deviations: invariant: two at one node',
  );
  const missing = await exploring(...echo, '--invariant', 'nothing.ts');
  expect(missing.code).toBe(254);
  expect(missing.output).toContain('nothing.ts');
});

it('where nothing succeeded or was checked, nothing is proved', { timeout: 120_000 }, async () => {
  const refuses = program(
    'refuses.ts',
    `import { Node, RpcError } from 'maelstrom/node';
     const node = new Node();
     node.inspect(() => 1);
     for (const type of ['read', 'write', 'cas']) node.on(type, () => { throw new RpcError(11, 'no leader'); });`,
  );
  const bounds = ['--nodes', '1', '--ops', '1'];
  expect(await exploring('-w', 'lin-kv', '--bin', refuses, ...bounds)).toEqual({
    code: 2,
    output:
      'Nothing within 3 deviations on up to 1 node with up to 1 operation: 3 executions, complete.\n' +
      'No operation succeeded in any of them, so nothing was tested. `maelstrom test --simulate` shows how the nodes answer.\n',
  });
  const throws = program('throws.ts', 'export default () => { throw new Error("oops"); };');
  const right = program(
    'right-echo.ts',
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     node.inspect(() => 1);
     node.on('echo', (body) => ({ echo: body.echo }));`,
  );
  const { code, output } = await exploring('-w', 'echo', '--bin', right, ...bounds, '--invariant', throws);
  expect(code).toBe(2);
  expect(output).toContain(
    '1 execution could not be checked completely, so it proves little. The first time:',
  );
  expect(output).toContain('oops');
});

it('finds a node that never yields', { timeout: 180_000 }, async () => {
  const loops = program(
    'loops.ts',
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let n = 0;
     node.on('echo', (body) => { if (++n === 2) for (;;) {} return { echo: body.echo }; });`,
  );
  const words = ['explore', '--time', '1h', '-w', 'echo', '--bin', loops, '--nodes', '1', '--workers', '1'];
  // Each would take ten seconds. The other tests keep that limit, so that no turn is too long on a busy machine.
  const { code, output } = await maelstrom(words, { [SHORTER_YIELD_LIMIT]: '500' });
  expect(code).toBe(1);
  expect(output).toContain('Fails with 0 deviations: node: ended by the watchdog');
});

it('finds the same with any number of processes, wherever they die', { timeout: 180_000 }, async () => {
  const example = { workload: 'broadcast', program: 'broadcast.ts' };
  const bounds = { mostNodes: 2, mostOps: 1, mostDeviations: 2 };
  const alone = await exploredHere(example, { examples, folder, bounds });
  expect(alone.end).toBe('complete');
  const { bin } = await bundleNode(join(examples, example.program), 'simulated', folder);
  const base = exploredSpec({ workload: example.workload, bin });
  const alphabet = alphabetOf({ name: example.workload });
  if (alphabet === undefined) throw new Error('there is an alphabet');
  const workload = await loadWorkload(base);
  const pace = await paceOf([2], { base, workload, alphabet, parts: {} });
  const dies = program('dies.cjs', "process.on('message', () => process.exit(3));");
  const withProcesses = (file: string, workers: number) => {
    const open = (isCareful: boolean): Hands =>
      new ExploreProcesses({
        file,
        workers,
        settings: { base, kinds: ['drop', 'duplicate', 'delay', 'cut'], pace, isCareful },
      });
    return explore({ ...bounds, leastNodes: 2, alphabet, pace, open });
  };
  const worker = join(project, 'dist/explore-worker.js');
  expect(await withProcesses(worker, 1)).toEqual(alone);
  expect(await withProcesses(worker, 3)).toEqual(alone);
  expect(await withProcesses(dies, 2)).toEqual(alone);
});
