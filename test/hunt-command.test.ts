/** `maelstrom hunt` as people use it: its output, its exit codes, its files, and what nodes may do to it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../src/cli/cli.ts';
import { Console } from '../src/cli/show/console.ts';
import { SHORTER_YIELD_LIMIT } from '../src/harness/simulations/yield-limit.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-hunt-command-'));
const env = { ...process.env, NO_COLOR: '1' };
/** Without it, each node that never yields would take ten seconds. */
const IMPATIENT = { [SHORTER_YIELD_LIMIT]: '300' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an echo node on the SDK, in which `answer` computes the reply to the n-th request. */
const program = (name: string, answer: string): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     let n = 0;
     node.on('echo', (body) => { n++; ${answer} });`,
  );
  return path;
};
const RIGHT = program('right.ts', 'return { echo: body.echo };');
/** Fails even in the shortest runs. */
const SOON = program('soon.ts', "return { echo: n === 5 ? 'wrong' : body.echo };");
const LOOPS = program('loops.ts', 'if (n === 12) for (;;) {} return { echo: body.echo };');
const SILENT = program('silent.ts', 'return new Promise(() => {});');

beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

function start(store: string, words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(
    join(project, 'maelstrom'),
    ['hunt', '--time', '1h', ...words, '--store', join(folder, store)],
    {
      cwd: folder,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
  return { child, ended, output: () => output };
}

const latest = (store: string, file: string): string =>
  readFileSync(join(folder, store, 'hunts', 'latest', file), 'utf8');
const linesOf = (store: string): readonly string[] => latest(store, 'hunt.jsonl').trimEnd().split('\n');

it('finds a failure, shows the command that repeats it, and keeps the run', async () => {
  const { code, output } = await start('found', [
    '-w',
    'echo',
    '--bin',
    SOON,
    '--seed',
    's',
    '--workers',
    '1',
  ]).ended;
  expect(code).toBe(1);
  expect(output).toMatch(/^Run \d+ fails: workload \(\d+ operations, \d+ messages\)$/m);
  expect(output).toMatch(/^Found 1 kind of failure in \d+ runs?\.$/m);
  const again = /^Again: \S+ (test --simulate .*)$/m.exec(output)?.[1] ?? '';
  expect(again).toMatch(/--nodes n1\S* --concurrency \d+ --rate [\d.]+ --time-limit [\d.]+ .*--seed s-\d+$/);
  const test = spawnSync(join(project, 'maelstrom'), [...again.split(' '), '--no-report'], {
    cwd: folder,
    env: { ...env, MAELSTROM_STORE: join(folder, 'again') },
    encoding: 'utf8',
  });
  expect(test.status).toBe(1);
  const kept = /^Run \d+ is kept: (\S+)/m.exec(output)?.[1] ?? '';
  expect(JSON.parse(readFileSync(join(folder, kept, 'results.json'), 'utf8'))).toMatchObject({
    'valid?': false,
  });
  expect(JSON.parse(latest('found', 'summary.json'))).toMatchObject({
    end: 'found',
    workload: 'echo',
    failures: [
      {
        signature: ['workload'],
        count: 1,
        // Where the shrunk run is, which the pages of the hunt link to.
        smallest: { shrunk: `echo/${/^Files: .*\/(\S+)$/m.exec(output)?.[1]}` },
      },
    ],
  });
});

it(
  'has the same runs with one process and with three, and when it is resumed',
  { timeout: 180_000 },
  async () => {
    const words = [
      '-w',
      'echo',
      '--bin',
      SOON,
      '--seed',
      't',
      '--collect',
      // This test is about runs; shrinking their failures would take nine tenths of the time.
      '--no-shrink',
      '--rate',
      '20',
      '--time-limit',
      '1',
    ];
    await start('one', [...words, '--runs', '55', '--workers', '1']).ended;
    await start('three', [...words, '--runs', '25', '--workers', '3']).ended;
    await start('three', [
      '--resume',
      join(folder, 'three/hunts/latest'),
      '--runs',
      '55',
      '--collect',
      '--no-shrink',
      '--workers',
      '1',
    ]).ended;
    // The first line has the time of the hunt.
    expect(linesOf('three').slice(1)).toEqual(linesOf('one').slice(1));
    expect(linesOf('one').length).toBe(56);
    const [one, three] = ['one', 'three'].map(
      (store) => JSON.parse(latest(store, 'summary.json')) as Summary,
    );
    expect(three?.tally).toEqual(one?.tally);
    expect(three?.compared).toBe(1);
    expect(three?.failures.map(({ count, firstRun }) => [count, firstRun])).toEqual(
      one?.failures.map(({ count, firstRun }) => [count, firstRun]),
    );
  },
);

interface Summary {
  readonly tally: object;
  readonly compared: number;
  readonly failures: readonly { readonly count: number; readonly firstRun: number }[];
}

it('finds nothing in a correct program, and ends at Ctrl-C with what it has tried', async () => {
  const hunt = start('right', ['-w', 'echo', '--bin', RIGHT, '--workers', '1']);
  const hasTried = (): boolean =>
    existsSync(join(folder, 'right/hunts/latest/hunt.jsonl')) && linesOf('right').length > 1;
  while (!hasTried()) await new Promise((resolve) => setTimeout(resolve, 20));
  hunt.child.kill('SIGINT');
  const { code, output } = await hunt.ended;
  expect(output).toMatch(/^No failure found in \d+ runs?\. It can be resumed\.$/m);
  expect(code).toBe(0);
  expect(JSON.parse(latest('right', 'summary.json'))).toMatchObject({ end: 'stopped', failures: [] });
});

it('a node that never yields is ended, and found', { timeout: 120_000 }, async () => {
  const words = ['-w', 'echo', '--bin', LOOPS, '--seed', 'a', '--nemesis', 'none', '--workers', '1'];
  const { code, output } = await start('loops', words, IMPATIENT).ended;
  expect(output).toMatch(/^Run \d+ fails: node: ended by the watchdog/m);
  expect(output).toContain('did not yield for 0.3 s of real time');
  expect(output).toContain('cannot be shrunk: a node computed without end');
  expect(output).not.toContain('does not fail again');
  expect(code).toBe(1);
});

it(
  '--real hunts with real clusters, keeps the failed run unchanged, and shrinks it',
  { timeout: 180_000 },
  async () => {
    const words = [
      '-w',
      'echo',
      '--bin',
      SOON,
      '--real',
      '--node-count',
      '2',
      '--workers',
      '2',
      '--rate',
      '20',
    ];
    const more = [
      '--time-limit',
      '0.7',
      '--keep',
      'rate,time-limit',
      '--repeats',
      '2',
      '--shrink-time',
      '15s',
    ];
    const { code, output } = await start('real', [...words, ...more]).ended;
    expect(code).toBe(1);
    expect(output).toContain('soon.ts (echo, real clusters)');
    expect(output).toMatch(/^\d+ runs? in [\d.]+ s \([\d.]+\/s\), up to 2 clusters at once: /m);
    expect(/^Again: \S+ (test .*)$/m.exec(output)?.[1]).not.toContain('--simulate');
    const kept = /^Run \d+ is kept: (\S+)/m.exec(output)?.[1] ?? '';
    expect(JSON.parse(readFileSync(join(folder, kept, 'results.json'), 'utf8'))).toMatchObject({
      'valid?': false,
    });
    // One node and the five requests that it takes; everything else is removed.
    const [, operations, , nodes, failed, runs] =
      /^(\d+) operations?, (\d+) faults?, (\d+) nodes?\. It failed in (\d+) of (\d+) runs?;/m.exec(output) ??
      [];
    expect(Number(operations)).toBeGreaterThanOrEqual(5);
    expect(Number(operations)).toBeLessThanOrEqual(12);
    expect(Number(nodes)).toBeLessThanOrEqual(2);
    expect(Number(failed)).toBeGreaterThan(0);
    expect(Number(runs)).toBeGreaterThanOrEqual(Number(failed));
    const scenario =
      /^To repeat it \(may need several tries to fail\): \S+ (test --scenario \S+)$/m.exec(output)?.[1] ?? '';
    // It fails in only some of its runs, so there are several attempts.
    const again = (): number | null =>
      spawnSync(
        join(project, 'maelstrom'),
        [...scenario.split(' '), '--no-report', '--store', 'real-again'],
        { cwd: folder, env, encoding: 'utf8' },
      ).status;
    const statuses = new Set<number | null>();
    for (let run = 0; run < 10 && !statuses.has(1); run++) statuses.add(again());
    expect(statuses).toContain(1);
    const left = readdirSync(join(folder, 'real', 'echo')).filter((name) => name !== 'latest');
    expect(left).toHaveLength(2);
    expect(readdirSync(join(folder, 'real')).toSorted()).toEqual(['echo', 'hunts', 'latest']);
    expect(existsSync(join(folder, 'real', 'hunts', 'latest', 'runs'))).toBe(false);
  },
);

it(
  'leaves no process behind when it is killed, even if a node never yields',
  { timeout: 120_000 },
  async () => {
    const words = ['-w', 'echo', '--bin', LOOPS, '--seed', 'a', '--nemesis', 'none', '--workers', '1'];
    const hunt = start('killed', words, IMPATIENT);
    const workers = (): readonly number[] =>
      spawnSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
        .stdout.split('\n')
        .map((line) => /^\s*(\d+)\s+(\d+)\s.*hunt-worker/.exec(line))
        .flatMap((found) =>
          found !== null && Number(found[2]) === hunt.child.pid ? [Number(found[1])] : [],
        );
    const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
    while (!hunt.output().includes('Hunting in')) await wait();
    const [worker] = workers();
    if (worker === undefined) throw new Error(`no worker of ${hunt.child.pid} was seen`);
    hunt.child.kill('SIGKILL');
    // The worker must end by itself within the time limit of this test.
    while (isAlive(worker)) await wait();
  },
);

it.skipIf(process.platform !== 'linux')(
  'a worker whose parent is gone before its first message exits',
  async () => {
    const worker = join(project, 'dist/hunt-worker.js');
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { fork } from 'node:child_process';
       const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
       const worker = fork(${JSON.stringify(worker)}, [], { stdio, execArgv: [] });
       process.kill(worker.pid, 'SIGSTOP');
       console.log(worker.pid);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (line) => resolve(Number(line))),
    );
    const isOver = new Promise((resolve) => parent.once('exit', resolve));
    parent.kill('SIGKILL');
    await isOver;
    process.kill(pid, 'SIGCONT');
    const deadline = performance.now() + 20_000;
    while (isAlive(pid) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const isLeft = isAlive(pid);
    if (isLeft) process.kill(pid, 'SIGKILL');
    // Its messages reach no parent; if it reported that error too, which would fail again, it would be busy forever.
    expect(isLeft).toBe(false);
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it(
  'reports what should have occurred and never did, over all runs, also when it is resumed',
  { timeout: 120_000 },
  async () => {
    const path = join(folder, 'expects.ts');
    writeFileSync(
      path,
      `import { Node, reachable, sometimes } from 'maelstrom/node';
     const node = new Node();
     let n = 0;
     node.inspect(() => n);
     node.on('echo', (body) => {
       sometimes(++n > 1, 'a second request');
       if (n < 0) reachable('a negative count');
       return { echo: body.echo };
     });`,
    );
    writeFileSync(
      join(folder, 'situations.ts'),
      `export const sometimes = {
       'all nodes have had a request': (states: Map<string, number>) => states.size > 0 && [...states.values()].every((n) => n > 0),
       'a node has had a million': (states: Map<string, number>) => [...states.values()].some((n) => n > 1e6),
     };`,
    );
    const words = [
      '-w',
      'echo',
      '--bin',
      path,
      '--invariant',
      'situations.ts',
      '--seed',
      'e',
      '--workers',
      '1',
    ];
    await start('expects', [...words, '--runs', '10']).ended;
    const again = ['--resume', 'expects/hunts/latest', '--runs', '20', '--workers', '1'];
    const { output } = await start('expects', again).ended;
    expect(output).toContain(
      'What should happen at least once, in 20 runs:\n' +
        '  never: reachable "a negative count"\n' +
        '  never: sometimes "a node has had a million"\n',
    );
    expect(output).toMatch(/^ {2}in \d+ runs: sometimes "all nodes have had a request"$/m);
    expect(output).toMatch(/^ {2}in (1\d|20) runs: sometimes "a second request"$/m);
    expect(JSON.parse(latest('expects', 'summary.json'))).toMatchObject({
      expected: expect.arrayContaining(['never: sometimes "a node has had a million"']) as unknown,
    });
    writeFileSync(join(folder, 'situations.ts'), 'export const sometimes = {};');
    const changed = await start('expects', ['--resume', 'expects/hunts/latest']).ended;
    expect(changed.output).toContain('or an invariant has changed since this hunt');
  },
);

it('says that it proved nothing if no operation succeeds', async () => {
  const { code, output } = await start('silent', [
    '-w',
    'echo',
    '--bin',
    SILENT,
    '--runs',
    '5',
    '--workers',
    '1',
  ]).ended;
  expect(output).toContain('without faults, not one operation succeeded');
  expect(output).toContain('In 5 of 5 runs no operation succeeded, so they prove nothing.');
  expect(output).toContain('No operation succeeded in any run, so nothing was proved.');
  expect(code).toBe(2);
});

it('refuses a hunt of a program that has changed', async () => {
  const changing = program('changing.ts', 'return { echo: body.echo };');
  await start('changed', ['-w', 'echo', '--bin', changing, '--runs', '3', '--workers', '1']).ended;
  program('changing.ts', 'return { echo: 1 };');
  const { code, output } = await start('changed', ['--resume', join(folder, 'changed/hunts/latest')]).ended;
  expect(output).toContain('changing.ts or an invariant has changed since this hunt');
  expect(code).toBe(254);
});

it.each([
  [['--nemesis', 'usual,kil'], /kil.*Did you mean kill\?/],
  [['--jobs', '2'], /Unknown option '--jobs'\. Did you mean --workers\?/],
  [['--test-count=20'], /Unknown option '--test-count=20'\. Did you mean --runs\?/],
  [['--min-nodes', '9'], /--min-nodes 9 exceeds the number of nodes, 5\./],
  [['--time', '3x'], /--time must be a time such as 30s, 10m or 8h, up to 24d, but is "3x"\./],
  [['--keep', 'node'], /node.*Did you mean nodes\?/],
  [['--runs', '0'], /--runs must be/],
  [['--repeats', '3'], /--repeats is for shrinking failures of real clusters, but this hunt is simulated\./],
  [['--real', '--repeats', '0'], /--repeats must be/],
  [['--real', '--invariant', 'x.ts'], /Invariants need the simulated world/],
  [['--invariant', 'nowhere.ts'], /The invariant .*nowhere\.ts does not exist\./],
  [['--real', '--nemesis', 'skew'], /--nemesis skew sets the clocks of nodes wrong/],
  [['--resume', 'nowhere'], /nowhere is no hunt that can be resumed/],
])('refuses %j', async (words, message) => {
  // In this process, since nothing is started: the command itself takes longer to start than to refuse.
  let output = '';
  const terminal = new Console({ write: (text) => (output += text) }, {});
  const session = { console: terminal, errors: terminal, async *stdin() {}, env: {}, program: 'maelstrom' };
  const store = ['--store', join(folder, 'bad')];
  expect(await runCli(['hunt', '-w', 'echo', '--bin', RIGHT, ...words, ...store], session)).toBe(254);
  expect(output).toMatch(message);
});

it(
  'a failure with a topology for its own nodes is shrunk with those nodes',
  { timeout: 60_000 },
  async () => {
    const map = join(folder, 'ring.json');
    writeFileSync(map, '{"n1":["n2"],"n2":["n3"],"n3":["n1"]}');
    const bin = join(project, 'examples/broken/trusts-delivery.ts');
    const words = ['-w', 'broadcast', '--bin', bin, '--topology', map, '--nodes', 'n1,n2,n3'];
    // Short runs, the first of which fails: shrinking them takes half the time.
    const short = ['--rate', '10', '--time-limit', '2', '--seed', 'b', '--workers', '1'];
    const { code, output } = await start('mapped', [...words, ...short]).ended;
    expect(output).toMatch(/3 nodes, .*runs tried/);
    expect(output).toContain('n3');
    expect(code).toBe(1);
  },
);

it(
  'Ctrl-C in a first run that does not return ends it, and names what was running',
  { timeout: 60_000 },
  async () => {
    const endless = join(folder, 'endless.ts');
    const checking = join(folder, 'checking');
    writeFileSync(
      endless,
      `import { appendFileSync } from 'node:fs';
     import { defineWorkload, onOps } from 'maelstrom';
     export default defineWorkload({
       operations: { echo: { request: (echo: number) => ({ echo }) } },
       next: ({ count }) => ({ f: 'echo', value: count }),
       checker: onOps(() => { appendFileSync(${JSON.stringify(checking)}, '.'); for (;;); }),
     });`,
    );
    const { child, ended, output } = start('endless', ['-w', endless, '--bin', RIGHT, '--workers', '1']);
    // The first run is repeated by itself: until its checker has begun a second time.
    const checks = (): number => (existsSync(checking) ? readFileSync(checking).length : 0);
    while (checks() < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(output()).toContain('it is repeated alone');
    child.kill('SIGINT');
    const { code, output: said } = await ended;
    expect(said).toMatch(
      /The checker of \S+endless\.ts had not returned after [\d.]+ s, when it was interrupted\./,
    );
    expect(said).not.toContain('One of your own files failed');
    expect(code).toBe(254);
  },
);
