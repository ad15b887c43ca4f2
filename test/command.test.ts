/** The command as people and scripts use it: what it prints, how it exits, and what it leaves behind. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const launcher = join(project, 'maelstrom');
const example = (path: string): string => join(project, 'examples', path);
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-command-'));
const env = { ...process.env, NO_COLOR: '1', MAELSTROM_STORE: join(folder, 'store') };

/** A node that records its process id, so that a test can check whether it still runs. */
const NOTING = join(folder, 'noting.mjs');

beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  writeFileSync(
    NOTING,
    `import { appendFileSync } from 'node:fs';
     import { createInterface } from 'node:readline';
     if (process.argv[3] === 'stubborn') {
       process.on('SIGTERM', () => {});
       setInterval(() => {}, 1000);
     }
     createInterface({ input: process.stdin }).on('line', (line) => {
       const { src, dest, body } = JSON.parse(line);
       if (body.type === 'init') appendFileSync(process.argv[2], process.pid + '\\n');
       const reply = body.type === 'init' ? { type: 'init_ok' } : { type: 'echo_ok', echo: body.echo };
       console.log(JSON.stringify({ src: dest, dest: src, body: { ...reply, in_reply_to: body.msg_id } }));
     });`,
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(launcher, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output })));
  return { child, ended };
}

const run = (...words: string[]): Promise<Ended> => start(words).ended;

const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? '';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves when the condition holds; otherwise the test times out. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function notedPids(file: string): readonly number[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').trim().split('\n').map(Number);
}

describe.concurrent('a test', () => {
  const BROKEN = [
    'test',
    '-w',
    'echo',
    '--bin',
    example('broken/echo.ts'),
    '--simulate',
    '--rate',
    '20',
    '--time-limit',
    '5',
    '--seed',
    'x',
  ];

  it('that is valid exits 0 and says so in its last line', async () => {
    const { code, output } = await run(
      'test',
      '-w',
      'echo',
      '--bin',
      example('echo.ts'),
      '--time-limit',
      '1',
    );
    expect(lastLine(output)).toBe('Everything looks good! ヽ(‘ー`)ノ');
    expect(output).toMatch(/^Testing echo with 5 nodes and 5 clients for 1 s\. Seed: \w+$/m);
    expect(output).toMatch(/^Files: .*store\/echo\/\d{8}T\d{6}\.\d{3}Z/m);
    expect(code).toBe(0);
  });

  it('that is invalid exits 1, and shows the command that repeats it', async () => {
    const { code, output } = await run(...BROKEN);
    expect(lastLine(output)).toBe('Analysis invalid! (ﾉಥ益ಥ）ﾉ ┻━┻');
    expect(output).toContain(`Again: ${launcher} ${BROKEN.join(' ')}\n`);
    expect(code).toBe(1);
  });

  it('that proves nothing exits 2', async () => {
    // A set to which no element was added.
    const words = [
      '-w',
      'g-set',
      '--bin',
      example('g-set.ts'),
      '--simulate',
      '--no-report',
      '--rate',
      '0',
      '--time-limit',
      '1',
    ];
    const { code, output } = await run('test', ...words);
    expect(lastLine(output)).toBe('Errors occurred during analysis, but no anomalies found. ಠ~ಠ');
    expect(code).toBe(2);
  });

  it('is repeated until one fails, each time with another seed', async () => {
    const good = [
      'test',
      '-w',
      'echo',
      '--bin',
      example('echo.ts'),
      '--simulate',
      '--no-report',
      '--time-limit',
      '1',
      '--seed',
      's',
    ];
    const valid = await run(...good, '--test-count', '3');
    expect(valid.output.match(/Seed: s\S*/g)).toEqual([
      'Seed: s',
      'Seed: s',
      'Seed: s.2',
      'Seed: s.2',
      'Seed: s.3',
      'Seed: s.3',
    ]);
    expect(valid.code).toBe(0);
    const invalid = await run(...BROKEN, '--no-report', '--test-count', '3');
    expect(invalid.output.match(/^Test \d of 3$/gm)).toEqual(['Test 1 of 3']);
    expect(invalid.code).toBe(1);
  });

  it('reads typographic dashes as plain ones and says so', async () => {
    const words = [
      '–w',
      'echo',
      '—bin',
      example('echo.ts'),
      '–-simulate',
      '--no-report',
      '--time-limit',
      '1',
      '--rate',
      '20',
    ];
    const { code, output } = await run('test', ...words);
    expect(output).toContain('Note: –-simulate was read as --simulate');
    expect(output).toContain('simulated');
    expect(code).toBe(0);
  });

  it.each([
    [['test', '-w', 'echo'], 'No program was given: --bin is missing.'],
    [['test', '-w', 'ecko', '--bin', 'x'], 'Did you mean echo?'],
    [['test', '-w', 'echo', '--bin', './nowhere'], 'nowhere does not exist'],
    [['test', '-w', 'echo', '--bin', 'x', '--nemsis', 'partition'], 'Did you mean --nemesis?'],
    [['tset'], 'Unknown command "tset". Did you mean test?'],
    [['run', '-w', 'echo'], 'Unknown command "run". Did you mean test?'],
    [['lin-kv', '--bin', './node'], 'test -w lin-kv --bin ./my-node'],
    [['echo.ts'], 'To test a program:'],
    [['new', '/proc/nothing/here'], 'cannot be written'],
    [['doc', '/proc/nothing/here'], 'cannot be written'],
    [[], 'Usage:'],
  ])('%j exits 254 and explains', async (words, message) => {
    const { code, output } = await run(...words);
    expect(output).toContain(message);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(code).toBe(254);
  });

  it('explains a store that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, output } = await run(
      'test',
      '-w',
      'echo',
      '--bin',
      example('echo.ts'),
      '--store',
      'file/store',
    );
    expect(output).toMatch(/The results cannot be stored: .*a part of the path is a file/);
    expect(code).toBe(254);
  });

  it('shows hostile stderr without its control characters', async () => {
    const shouting = join(folder, 'shouting.sh');
    writeFileSync(shouting, "#!/bin/sh\nprintf '\\033[2Jhello\\n' >&2\nexec cat >/dev/null\n");
    chmodSync(shouting, 0o755);
    const { child, ended } = start([
      'test',
      '-w',
      'echo',
      '--bin',
      shouting,
      '--node-count',
      '1',
      '--log-stderr',
    ]);
    let seen = '';
    child.stdout?.on('data', (text: string) => (seen += text));
    await until(() => seen.includes('hello'));
    child.kill('SIGTERM');
    const { output } = await ended;
    expect(output).toMatch(/\\u001b\[2Jhello/);
    expect(output).not.toContain('\u001b');
  });
});

describe.concurrent('Ctrl-C', () => {
  /** Arguments of a test with its own store, so that no other run has a history there. */
  const words = (pids: string, ...more: readonly string[]): string[] => [
    'test',
    '--store',
    `${pids}-store`,
    '-w',
    'echo',
    '--bin',
    NOTING,
    '--time-limit',
    '60',
    '--rate',
    '100',
    '--',
    pids,
    ...more,
  ];

  it('once ends the run, checks the history so far, and leaves no node', async () => {
    const file = join(folder, 'once');
    const { child, ended } = start(words(file));
    await until(() => notedPids(file).length === 5 && historyHas(`${file}-store`, 20));
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(lastLine(output)).toBe('Everything looks good! ヽ(‘ー`)ノ');
    expect(code).toBe(0);
    expect(notedPids(file).filter(isAlive)).toEqual([]);
  });

  it('twice stops at once, keeps the history, and leaves no node', async () => {
    const file = join(folder, 'twice');
    // The nodes are slow to exit, so that the second signal arrives while the run is stopping.
    const { child, ended } = start(words(file, 'stubborn'));
    await until(() => notedPids(file).length === 5 && historyHas(`${file}-store`, 20));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(130);
    expect(output).not.toContain('Everything looks good');
    expect(notedPids(file).filter(isAlive)).toEqual([]);
    expect(historyHas(`${file}-store`, 20)).toBe(true);
  });
});

/** Whether the history of the current run in a store has more than that many lines on disk. */
function historyHas(store: string, lines: number): boolean {
  const file = join(store, 'current', 'history.jsonl');
  return existsSync(file) && readFileSync(file, 'utf8').split('\n').length > lines;
}

describe.concurrent('--help', () => {
  it.each([[['--help']], [['test', '--help']], [['demo', '--help']], [['help', 'test']]])(
    '%j exits 0',
    async (words) => {
      const { code, output } = await run(...words);
      expect(output).toContain('Usage: ');
      expect(code).toBe(0);
    },
  );
});
