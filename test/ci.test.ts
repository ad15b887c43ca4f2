/** What CI runs: reports of the built command, also when stopped; the step of action.yml; how docs and files name the package. */
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_NAME } from '../src/world/own-file.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-ci-'));
const program = join(project, 'dist/maelstrom.js');
const env = { PATH: process.env['PATH'], NO_COLOR: '1' };

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `onOutput` is called with all output so far. */
function run(
  command: string,
  words: readonly string[],
  more: NodeJS.ProcessEnv = {},
  onOutput: (output: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(output, (signal) => child.kill(signal));
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const linesOf = (file: string): readonly unknown[] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

beforeAll(() => {
  execFileSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  const echo = readFileSync(join(project, 'examples/echo.ts'), 'utf8');
  writeFileSync(join(folder, 'echo.ts'), echo);
  writeFileSync(join(folder, 'wrong.ts'), echo.replace('body.echo }', "'hello' }"));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEST = ['test', '-w', 'echo', '--simulate', '--time-limit', '2', '--no-report', '--seed', 'a'];

it('several parallel tests have one summary, and the seeds of a series', async () => {
  const words = [...TEST, '--bin', 'echo.ts', '--test-count', '3', '--jobs', '2', '--quiet'];
  const { code, output } = await run(process.execPath, [program, ...words, '--reporter', 'json=all.jsonl']);
  expect(code).toBe(0);
  const lines = output.trim().split('\n');
  expect(lines[0]).toBe('runs        3');
  expect(lines.at(-1)).toContain('Everything looks good!');
  const runs = linesOf('all.jsonl');
  expect(runs).toHaveLength(4);
  expect(runs).toEqual(
    expect.arrayContaining(
      ['a', 'a.2', 'a.3'].map((seed) => expect.objectContaining({ seed, outcome: 'passed' })),
    ),
  );
  expect(runs.at(-1)).toMatchObject({ kind: 'summary', asked: 3, passed: 3, exitCode: 0 });
});

it('the first failure prevents further tests, and is shown with the command for it alone', async () => {
  const words = [...TEST, '--bin', 'wrong.ts', '--test-count', '9', '--jobs', '2', '--quiet'];
  const { code, output } = await run(process.execPath, [program, ...words, '--reporter=json=bad.jsonl']);
  expect(code).toBe(1);
  expect(output).toMatch(/runs {8}[12] of 9: the first that is not valid ends the series/);
  expect(output).toMatch(
    /Again: \S.* test -w echo --simulate --time-limit 2 --no-report --bin wrong.ts --seed a\n/,
  );
  expect(linesOf('bad.jsonl').length).toBeLessThanOrEqual(3);
});

it.each([
  ['in parallel', ['--jobs', '2']],
  ['one after the other', []],
])('Ctrl-C in a series checks the finished runs, reports them, and leaves no node: %s', async (_, jobs) => {
  // An argument by which the nodes are found among the processes.
  const mark = `mark-${process.pid}-${jobs.length}`;
  const words = [
    'test',
    '-w',
    'echo',
    '--bin',
    'echo.ts',
    '--time-limit',
    '60',
    '--node-count',
    '2',
    '--no-report',
    ...jobs,
  ];
  const more = [
    '--test-count',
    '3',
    '--log-stderr',
    '--reporter',
    'junit=cut.xml,json=cut.jsonl',
    '--',
    mark,
  ];
  const all = jobs.length > 0 ? more.filter((word) => word !== '--log-stderr') : more;
  let isTold = false;
  const { code, output } = await run(process.execPath, [program, ...words, ...all], {}, (text, kill) => {
    const goes = jobs.length > 0 ? text.includes('[0 of 3 done]') : text.includes('Phase: main');
    if (!goes || isTold) return;
    isTold = true;
    kill('SIGINT');
  });
  expect(output).toContain('Stopping, then analysing what was recorded.');
  expect(code).not.toBe(0);
  const runs = linesOf('cut.jsonl');
  expect(runs).toHaveLength(jobs.length > 0 ? 3 : 2);
  expect(runs[0]).toMatchObject({ kind: 'run', interrupted: true });
  expect(runs.at(-1)).toMatchObject({ kind: 'summary', asked: 3, exitCode: code });
  expect(readFileSync(join(folder, 'cut.xml'), 'utf8')).toContain(
    '<property name="interrupted" value="true"/>',
  );
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(mark);
});

it.each([
  ['SIGTERM', 'the real world', []],
  ['SIGINT', 'the real world', []],
  ['SIGTERM', 'a simulation', ['--simulate']],
] as const)(
  'the first %s ends a checker of the user that never returns, in %s, and the run is kept with its history',
  async (signal, _, where) => {
    const whose = where.length === 0 ? 'pid' : 'ppid';
    writeFileSync(
      join(folder, 'endless.ts'),
      `import { defineWorkload, onOps } from 'maelstrom';
       export default defineWorkload({
         operations: { echo: { request: (echo) => ({ echo }) } },
         next: ({ count }) => ({ f: 'echo', value: count }),
         checker: onOps(() => { process.kill(process.${whose}, '${signal}'); for (;;); }),
       });`,
    );
    const asked = ['--bin', 'echo.ts', '--time-limit', '1', '--node-count', '1', '--test-count', '2'];
    const words = ['test', '-w', './endless.ts', ...asked, '--no-report', ...where];
    const { code, output } = await run(process.execPath, [program, ...words]);
    expect(output).toMatch(
      /The checker of \S+endless\.ts had not returned after [\d.]+ s, when it was interrupted/,
    );
    expect(output).not.toContain('One of your own files failed');
    expect(output.match(/^Files: /gm)).toHaveLength(1);
    expect(code).toBe(2);
    const [, path = ''] = /^Files: (\S+)/m.exec(output) ?? [];
    expect(readFileSync(join(folder, path, 'history.jsonl'), 'utf8')).toContain('"ok"');
  },
);

it('options that show one test while it runs are refused for several', async () => {
  const words = [...TEST, '--bin', 'echo.ts', '--test-count', '2', '--jobs', '2', '--log-stderr'];
  const { code, output } = await run(process.execPath, [program, ...words]);
  expect(code).toBe(254);
  expect(output).toContain(
    '--log-stderr works with one test at a time, but --jobs 2 runs several in parallel.',
  );
});

describe('the step of the action', () => {
  /** Runs it in `working`, a folder of the repository `folder`, as GitHub does. */
  function step(working: string, inputs: NodeJS.ProcessEnv): Promise<Ended> {
    const text = readFileSync(join(project, 'action.yml'), 'utf8');
    const [, block = ''] = /\n {6}run: \|\n((?: {8}.*\n|\n)+)/.exec(text) ?? [];
    const script = `cd "$FOLDER"\n${block}`;
    const variables = {
      FOLDER: join(folder, working),
      GITHUB_WORKSPACE: folder,
      WORKLOAD: 'echo',
      ARGS: '--simulate\n--time-limit 2  --no-report',
      TEST_COUNT: '1',
      JOBS: '1',
      VERSION: 'latest',
      ...inputs,
    };
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], variables);
  }

  beforeAll(() => {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(program, join(folder, 'node_modules/.bin/maelstrom'));
  });

  it.each([
    ['echo.ts', 0],
    ['wrong.ts', 1],
  ])('runs %s, and has a summary', async (bin, expected) => {
    const summary = join(folder, `${bin}.md`);
    const { code, output } = await step('.', { BIN: bin, GITHUB_STEP_SUMMARY: summary });
    expect(code, output).toBe(expected);
    expect(readFileSync(summary, 'utf8')).toContain(expected === 0 ? '1 passed' : '1 failed');
    expect(/^::error file=wrong\.ts,title=echo/m.test(output)).toBe(expected === 1);
    expect(readFileSync(join(folder, 'store/junit.xml'), 'utf8')).toContain('tests="1"');
  });

  it('uses the Maelstrom installed above the working directory, and annotates the file within the repository', async () => {
    mkdirSync(join(folder, 'nodes/first'), { recursive: true });
    copyFileSync(join(folder, 'wrong.ts'), join(folder, 'nodes/first/wrong.ts'));
    const { code, output } = await step('nodes/first', { BIN: 'wrong.ts' });
    expect(code, output).toBe(1);
    expect(output).toMatch(/^::error file=nodes\/first\/wrong\.ts,title=echo/m);
  });

  it('takes every input as a word, whatever it contains', async () => {
    const bin = 'it\'s "odd" $(touch pwned) `touch pwned`; touch pwned.ts';
    copyFileSync(join(folder, 'echo.ts'), join(folder, bin));
    const args = '--simulate --time-limit 1 --no-report -- $(touch pwned) `touch pwned` ; touch pwned *';
    const { code, output } = await step('.', { BIN: bin, ARGS: args });
    expect(code, output).toBe(0);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

it('the workflow of docs/ci.md uploads each run once, as the action does', () => {
  const links = ['store/latest/**', 'store/current/**', 'store/*/latest/**'];
  for (const file of ['docs/ci.md', 'action.yml']) {
    const text = readFileSync(join(project, file), 'utf8');
    const left = [...text.matchAll(/^ +!(?:\$\{\{.*?\}\}\/)?(.*)$/gm)].map(([, pattern]) => pattern);
    expect(left, file).toEqual(links);
  }
});

it.each(['README.md', 'docs/ci.md', 'action.yml'])('%s has the name that package.json has', (file) => {
  const names = readFileSync(join(project, file), 'utf8').match(/@[\w-]+\/maelstrom\b/g) ?? [];
  expect(new Set(names)).toEqual(new Set([PACKAGE_NAME]));
});
