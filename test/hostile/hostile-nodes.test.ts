/**
 * The command survives whatever a node does: one clear message that names the node, what was seen and what was expected; the
 * right exit code; a complete history; no process left behind; bounded memory.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-hostile-'));
/** A link without an extension: the system starts it by its `#!` line, so that it need not be compiled each time. */
const program = join(folder, 'node');
symlinkSync(fileURLToPath(new URL('node.mjs', import.meta.url)), program);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly results: { readonly [key: string]: unknown };
  readonly history: readonly { readonly type: string; readonly process?: unknown }[];
  readonly survivors: readonly number[];
  readonly peakMib: number;
}

/** Returns the peak resident memory of a process in MiB, while the system reports it. */
function peakOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !(existsSync(stat) && /\) Z /.test(readFileSync(stat, 'latin1')));
}

/** The output of these is also drawn in reports; for the others only the verdict is checked. */
const IN_REPORTS = new Set(['huge-line', 'escape-sequences', 'flood', 'exit-later', 'loud-stderr']);

/** These write so much that a busy machine takes a while to read it. */
const LONG = new Set(['huge-line', 'endless-line']);

/** Runs a cluster of such nodes; `words` are additional options. */
function run(how: string, ...words: readonly string[]): Promise<Ended> {
  const name = `${how} ${words.join(' ')}`
    .trim()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .slice(0, 60);
  const notes = join(folder, `${name}.pids`);
  const store = join(folder, name);
  const test = [
    'test',
    '-w',
    'echo',
    '--node-count',
    '1',
    '--time-limit',
    LONG.has(how) ? '5' : '1',
    '--rate',
    '50',
    '--seed',
    how,
    ...(IN_REPORTS.has(how) ? [] : ['--no-report']),
  ];
  const child = spawn(
    process.execPath,
    [join(project, 'dist/maelstrom.js'), ...test, ...words, '--bin', program, '--', how, notes],
    {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', MAELSTROM_STORE: store },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let peakMib = 0;
  const timer = setInterval(() => (peakMib = Math.max(peakMib, peakOf(child.pid))), 50);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(timer);
      const latest = join(store, 'latest');
      const read = (file: string): string => readFileSync(join(latest, file), 'utf8');
      const pids = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n').map(Number) : [];
      resolve({
        code,
        output,
        results: JSON.parse(read('results.json')) as Ended['results'],
        history: read('history.jsonl')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { readonly type: string }),
        survivors: pids.filter(isAlive),
        peakMib,
      });
    });
  });
}

/** The misbehaviour, the report it must cause, and its place in the results. */
const INVALID: readonly (readonly [how: string, said: RegExp, where: 'protocol' | 'nodes'])[] = [
  ['not-json', /n0.*not a message[\s\S]*got an echo/, 'protocol'],
  ['not-an-object', /n0.*not a message[\s\S]*\[1, 2, 3\]/, 'protocol'],
  ['no-src', /n0[\s\S]*"?src/, 'protocol'],
  ['no-dest', /n0[\s\S]*"?dest/, 'protocol'],
  ['no-body', /n0[\s\S]*"?body/, 'protocol'],
  ['wrong-src', /n0[\s\S]*claims to come from "n99"/, 'protocol'],
  ['unknown-dest', /n0[\s\S]*"n99"/, 'protocol'],
  ['huge-line', /n0[\s\S]*longer than \d+ bytes/, 'protocol'],
  ['endless-line', /n0[\s\S]*longer than \d+ bytes/, 'protocol'],
  ['invalid-utf8', /n0[\s\S]*UTF-8/, 'protocol'],
  ['nul-bytes', /n0[\s\S]*not a message/, 'protocol'],
  ['long-number', /n0[\s\S]*a number of \d+ characters at offset/, 'protocol'],
  ['byte-order-mark', /Line \d+ of n0[\s\S]*byte order mark of UTF-8/, 'protocol'],
  ['text-in-reply-to', /n0[\s\S]*`in_reply_to` is "one"/, 'protocol'],
  ['two-answers', /n0[\s\S]*second time, with a different answer/, 'protocol'],
  ['field-missing', /n0[\s\S]*`echo`/, 'protocol'],
  ['closed-stdout', /n0 closed its stdout/, 'protocol'],
  ['flood', /n0[\s\S]*not a message/, 'protocol'],
  ['escape-sequences', /n0[\s\S]*not a message/, 'protocol'],
  ['exit-at-start', /n0[\s\S]*cannot open the database/, 'nodes'],
  ['exit-later', /n0[\s\S]*panic: index out of range/, 'nodes'],
];

/** Expects that every invocation has a completion, however the run ended. */
function expectWhole(history: Ended['history']): void {
  const invoked = history.filter(({ type }) => type === 'invoke').length;
  expect(history.length - invoked).toBe(invoked);
}

describe.concurrent('a node that misbehaves makes the run invalid, with one clear message', () => {
  it.each(INVALID)('%s', { timeout: 60_000 }, async (how, said, where) => {
    const { code, output, results, history, survivors, peakMib } = await run(how);
    expect(output).toMatch(said);
    expect({ how, code, said: results[where] }).toMatchObject({ how, code: 1, said: { 'valid?': false } });
    expect(output).toContain('Analysis invalid!');
    // eslint-disable-next-line no-control-regex -- it is control characters that must not come through
    expect(output).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
    expectWhole(history);
    expect(survivors).toEqual([]);
    expect(peakMib).toBeLessThan(400);
  });
});

/** Their run ends when the node does. */
const ENDING = new Set(['exit-at-start', 'exit-later', 'closed-stdout']);
const LASTING = INVALID.map(([how]) => how).filter((how) => !ENDING.has(how));
/** A node that ends by itself after some requests must not be killed before. */
const faultsFor = (ways: string): string => (ENDING.has(ways) ? 'pause,loss' : 'partition,pause,kill,loss');

describe.concurrent('under load and with faults, misbehaving nodes make the run invalid, too', () => {
  // Several in one cluster, each misbehaving in its own way; those of the last groups alone.
  const groups = [LASTING.slice(0, 9), LASTING.slice(9), ...[...ENDING].map((how) => [how])];
  it.each(groups.map((group) => group.join()))('%s', { timeout: 90_000 }, async (ways) => {
    const nodes = ways.split(',');
    const cluster = `--node-count ${nodes.length} --time-limit 2 --concurrency ${9 + nodes.length}`;
    const load = `--rate 1000 --nemesis ${faultsFor(ways)} --nemesis-interval 0.2`;
    const words = `${cluster} ${load}`.split(' ');
    const { code, output, history, survivors, peakMib } = await run(ways, ...words);
    expect({ ways, code }).toEqual({ ways, code: 1 });
    expect(output).toContain('Analysis invalid!');
    // A node that ends at once leaves no node to ask.
    if (ways !== 'exit-at-start') expect(history.length).toBeGreaterThan(0);
    expectWhole(history.filter(({ process }) => process !== 'nemesis'));
    expect(survivors).toEqual([]);
    expect(peakMib).toBeLessThan(400);
  });
});

describe.concurrent('nothing against the rules', () => {
  it('a number like 1e400 is JSON: the echo is wrong, the protocol is not', { timeout: 60_000 }, async () => {
    const { code, results } = await run('huge-number');
    expect(code).toBe(1);
    expect(results).toMatchObject({ protocol: { 'valid?': true }, workload: { 'valid?': false } });
  });

  it.each([
    ['same-answer-twice', /1 kind of protocol warning:\nn0 answered c\d+'s request \d+ a second time/],
    ['unsolicited', /1 kind of protocol warning:\nn0 sent c\d+ a message without `in_reply_to`/],
    ['extra-field', /1 kind of protocol warning:\nLine 2 of n0's stdout has the field "type" in addition to/],
  ])('%s is a warning, and a violation under --strict', { timeout: 60_000 }, async (how, said) => {
    const { code, output } = await run(how);
    expect({ how, code }).toEqual({ how, code: 0 });
    expect(output).toMatch(said);
    const strictly = await run(how, '--strict');
    expect({ how, code: strictly.code }).toEqual({ how, code: 1 });
  });

  it('a gigabyte on stderr is cut off in the log, and the run continues', { timeout: 120_000 }, async () => {
    const { code, results, survivors, peakMib } = await run('loud-stderr', '--time-limit', '4');
    expect({ code, valid: results['valid?'] }).toEqual({ code: 0, valid: true });
    expect(survivors).toEqual([]);
    expect(peakMib).toBeLessThan(400);
  });

  it('a node and its child that ignore SIGTERM are gone after the run', { timeout: 60_000 }, async () => {
    const { code, survivors } = await run('ignores-sigterm');
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  });
});

it.concurrent('an endless number in init_ok is named, with node and line', { timeout: 60_000 }, async () => {
  const { code, output } = await run('long-number-in-init');
  expect(code).toBe(1);
  expect(output).toMatch(/Line 1 of n0's stdout is not a message: it has a number of 2000 characters/);
  expect(output).not.toContain('mistake in Maelstrom');
});

it.concurrent('replies to requests that were never made are named', { timeout: 60_000 }, async () => {
  const { code, output, results } = await run('wrong-in-reply-to');
  expect(output).toMatch(/n0[\s\S]*`in_reply_to` 4711/);
  // No request was answered.
  expect({ code, stats: results['stats'] }).toMatchObject({ code: 1, stats: { 'valid?': false } });
});

it.concurrent('a node that never answers init is named, after ten seconds', { timeout: 60_000 }, async () => {
  const { code, output, results } = await run('silent-init');
  expect(output).toMatch(/n0[\s\S]*init/);
  expect({ code, nodes: results['nodes'] }).toMatchObject({ code: 1, nodes: { 'valid?': false } });
});
