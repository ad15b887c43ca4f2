/** A simulated node fills the memory in a single turn, or never yields: it is named and ended, and the run has its results. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const filler = beside('filling-node.mjs');
const echo = join(project, 'examples/echo.ts');
const store = mkdtempSync(join(tmpdir(), 'maelstrom-filled-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

/** Small, so that it fills quickly. */
const HEAP = '--max-old-space-size=100';

interface Ended {
  readonly code: number | string | null | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly output: string;
}

function run(words: readonly string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: HEAP, MAELSTROM_STORE: store };
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: store, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, signal: error?.signal, output: stdout + stderr }),
    );
  });
}

interface Outcome {
  readonly name: string;
  readonly valid: boolean;
  readonly problems: readonly { readonly node: string; readonly message: string }[];
  readonly folder: string;
  readonly log: readonly string[];
}

/** What fills the memory, and in which phase. */
const FILLED = [
  ['buffers', 'request'],
  ['large strings', 'request'],
  ['recursion', 'init'],
  ['objects', 'timer'],
  ['fill', 'init'],
  ['split', 'request'],
] as const;

const outcomes = new Map<string, Outcome>();
const outcome = (name: string): Outcome => {
  const found = outcomes.get(name);
  if (found === undefined) throw new Error(`no outcome of ${name}`);
  return found;
};
const read = (name: string, file: string): string => readFileSync(join(outcome(name).folder, file), 'utf8');

beforeAll(async () => {
  const cases: Record<string, object> = {};
  for (const [what, when] of FILLED) cases[`${what} ${when}`] = { program: filler, args: [what, when, 'n1'] };
  cases['all'] = { program: filler, args: ['fill', 'load', 'any'] };
  cases['again'] = { program: filler, args: ['split', 'request', 'n1'] };
  cases['long'] = { program: filler, args: ['nothing', 'never', 'n1'] };
  cases['short'] = { program: filler, args: ['nothing', 'never', 'none'] };
  cases['elsewhere'] = { program: echo, args: [], own: false };
  cases['here'] = { program: echo, args: [], own: true };
  const ended = await run([beside('run-fillers.mjs'), store, JSON.stringify(cases)]);
  for (const line of ended.output.trim().split('\n')) {
    const one = JSON.parse(line) as Outcome;
    outcomes.set(one.name, one);
  }
}, 240_000);

it.each(FILLED)('%s, in a single turn (%s): the node is named, and the run continues', (what, when) => {
  const name = `${what} ${when}`;
  const { valid, problems, log } = outcome(name);
  expect(valid).toBe(false);
  expect(problems.map(({ node }) => node)).toEqual(['n1']);
  expect(problems[0]?.message).toMatch(/n1 filled the memory of the simulation in a single turn \(\d+ MB\)/);
  expect(problems[0]?.message).toContain('not on the seed: another run with this seed may end differently.');
  expect(read(name, 'results.json')).toContain('"by-watchdog?": true');
  expect(log.filter((line) => line === 'Phase: starting')).toHaveLength(1);
  expect(log).toContain(
    'A node has filled the memory in a single turn: the run is repeated, and that node is stopped before it.',
  );
  if (when === 'init') return;
  // The other node kept answering until the end.
  const history = read(name, 'history.jsonl').trim().split('\n');
  const last = JSON.parse(history.at(-1) ?? '') as { readonly time: number };
  expect(last.time).toBeGreaterThan(0.8e9);
});

it('all nodes fill the memory as they are loaded: each is named', () => {
  // Which node is loaded first is random.
  expect(new Set(outcome('all').problems.map(({ node }) => node))).toEqual(new Set(['n0', 'n1']));
});

const BYTES = ['results.json', 'results.edn', 'history.jsonl', 'history.edn', 'net-journal/bodies.ndjson'];

it.each(BYTES)('a repeated run has the same bytes: %s', (file) => {
  expect(read('again', file)).toBe(read('split request', file));
});

it.each(BYTES)('a run has the same bytes in the process of its caller: %s', (file) => {
  expect(outcome('here').valid).toBe(true);
  expect(read('here', file)).toBe(read('elsewhere', file));
});

it('a long turn that keeps nothing changes nothing', () => {
  const { valid, log } = outcome('long');
  expect(valid).toBe(true);
  expect(log).toEqual(outcome('short').log);
  expect(read('long', 'history.jsonl')).toBe(read('short', 'history.jsonl'));
});

it('the command exits with 1, results and nothing left behind', async () => {
  const test = [
    'test',
    '-w',
    'echo',
    '--simulate',
    '--no-report',
    '--node-count',
    '1',
    '--time-limit',
    '1',
    '--rate',
    '50',
  ];
  const ended = await run([
    join(project, 'dist/maelstrom.js'),
    ...test,
    '--bin',
    filler,
    '--',
    'fill',
    'request',
    'n0',
  ]);
  expect(ended.code).toBe(1);
  expect(ended.output).toContain('n0 filled the memory of the simulation in a single turn');
  expect(ended.output).not.toContain('mistake in Maelstrom');
  const latest = join(store, 'latest');
  for (const file of ['results.edn', 'history.edn', 'jepsen.log'])
    expect(existsSync(join(latest, file)), file).toBe(true);
  expect(existsSync(join(latest, 'running.json'))).toBe(false);
});

it('a call that nothing can interrupt ends its process, and its turn is recorded', async () => {
  const note = join(store, 'note');
  const ended = await run([
    '--eval',
    `
    const { openSync } = require('node:fs');
    const { Worker } = require('node:worker_threads');
    const running = new Float64Array(new SharedArrayBuffer(16));
    running[1] = openSync(${JSON.stringify(note)}, 'w');
    const workerData = { running, memoryLimitBytes: 1e9, yieldLimitMs: 200 };
    new Worker(${JSON.stringify(join(project, 'dist/turn-watch.js'))}, { workerData }).once('online', () => {
      running[0] = 4711;
      new Array(2 ** 32 - 2).indexOf(1); // hours
    });`,
  ]);
  expect(ended.signal).toBe('SIGKILL');
  expect(new Float64Array(Uint8Array.from(readFileSync(note)).buffer)).toEqual(new Float64Array([4711, 2]));
});
