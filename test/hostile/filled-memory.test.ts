/** A simulated node fills the memory in a single turn: it is named and ended, and the run has its results. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('filling-node.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-filled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Small, so that it is soon full. */
const HEAP = '--max-old-space-size=150';

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly read: (file: string) => string;
}

function run(store: string, bin: string, words: readonly string[], nodeOptions = HEAP): Promise<Ended> {
  const test = ['test', '-w', 'echo', '--simulate', '--node-count', '2', '--time-limit', '1', '--rate', '50'];
  const child = spawn(
    process.execPath,
    [join(project, 'dist/maelstrom.js'), ...test, '--seed', 'full', '--bin', bin, ...words],
    {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: nodeOptions, MAELSTROM_STORE: join(folder, store) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const latest = join(folder, store, 'latest');
      resolve({ code, output, read: (file) => readFileSync(join(latest, file), 'utf8') });
    });
  });
}

const problems = (ended: Ended): readonly { readonly node: string; readonly message: string }[] =>
  (
    JSON.parse(ended.read('results.json')) as {
      readonly nodes: { readonly problems: readonly { readonly node: string; readonly message: string }[] };
    }
  ).nodes.problems;

it.each([
  ['arrays', 'timer'],
  ['buffers', 'request'],
  ['large strings', 'request'],
  ['recursion', 'init'],
])('%s, in a single turn (%s): the node is named, and the run goes on', async (what, when) => {
  const store = `${what} ${when}`;
  const ended = await run(store, program, ['--no-report', '--', what, when, 'n1']);
  expect(ended.code).toBe(1);
  const [problem, ...others] = problems(ended);
  expect(others).toEqual([]);
  expect(problem?.node).toBe('n1');
  expect(problem?.message).toMatch(/n1 filled the memory of the simulation in a single turn \(\d+ MB\)/);
  expect(ended.output).toContain('n1 filled the memory of the simulation in a single turn');
  expect(ended.output).not.toContain('mistake in Maelstrom');
  if (when === 'init') return;
  // The other node went on answering to the end.
  const history = ended.read('history.jsonl').trim().split('\n');
  const last = JSON.parse(history.at(-1) ?? '') as { readonly time: number };
  expect(last.time).toBeGreaterThan(0.8e9);
});

it('all nodes fill the memory as they are loaded: each is named, and there is a report', async () => {
  const ended = await run('load', program, ['--', 'objects', 'load', 'any']);
  expect(ended.code).toBe(1);
  expect(problems(ended).map(({ node }) => node)).toEqual(expect.arrayContaining(['n0', 'n1']));
  const latest = join(folder, 'load', 'latest');
  for (const file of ['results.edn', 'history.edn', 'report.html', 'jepsen.log'])
    expect(existsSync(join(latest, file)), file).toBe(true);
  expect(existsSync(join(latest, 'running.json'))).toBe(false);
});

it('a run in a thread of its own, as a small memory wants it, has the bytes of one that is not', async () => {
  const words = ['--no-report', '--nemesis', 'partition', '--nemesis-interval', '0.3'];
  const echo = join(project, 'examples/echo.ts');
  const [small, usual] = [await run('small', echo, words), await run('usual', echo, words, '')];
  expect(small.code).toBe(0);
  for (const file of [
    'results.json',
    'results.edn',
    'history.jsonl',
    'history.edn',
    'net-journal/bodies.ndjson',
  ])
    expect(small.read(file), file).toBe(usual.read(file));
});

it('a turn that takes long and keeps nothing changes nothing', async () => {
  const words = ['--no-report', '--', 'nothing', 'never'];
  const [long, short] = [
    await run('long', program, [...words, 'n1'], ''),
    await run('short', program, [...words, 'none'], ''),
  ];
  expect(long.code).toBe(0);
  expect(long.read('history.jsonl')).toBe(short.read('history.jsonl'));
});
