/** `maelstrom glomers` and `maelstrom grade` as people use them. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHORTER_YIELD_LIMIT } from '../src/harness/simulations/yield-limit.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-grading-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

function maelstrom(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(project, 'maelstrom'), words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', [SHORTER_YIELD_LIMIT]: '1000' },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}
const glomersSimulated = (challenges: string, bin: string) =>
  maelstrom('glomers', challenges, '--bin', bin, '--simulate', '--seeds', '1', '--seed', 's');
const example = (name: string): string => join(project, 'examples', name);

it('a challenge is measured against its limits', () => {
  const { status, output } = glomersSimulated('3e', example('broadcast.ts'));
  expect(output).toMatch(
    /^3e {9}broadcast, more efficient {2}1 of 1 valid +[\d.]+ < 20 +\d+ ms < 1000 ms +\d+ ms < 2000 ms +passes$/m,
  );
  expect(output).toMatch(
    /^These tests find only some mistakes\. .* orderings:\n {2}\S+ hunt -w broadcast --bin \S+broadcast\.ts\n.* restart .*: --nemesis usual,kill,skew$/m,
  );
  expect(status).toBe(0);
});

it('one that passes is remarked on where no read showed a value', () => {
  const blank = join(folder, 'blank.ts');
  writeFileSync(
    blank,
    `import { Node } from 'maelstrom/node';
new Node().on('txn', ({ txn }) => ({ txn: txn.map(([f, k, v]) => [f, k, f === 'r' ? null : v]) }));`,
  );
  const { output } = glomersSimulated('6a', blank);
  expect(output).toMatch(
    /^6a transactions, one node passes\. Yet:\n {2}Not one of \d+ reads showed a value, /m,
  );
  expect(output).toMatch(
    /hunt -w txn-rw-register --consistency-models read-uncommitted --bin \S+blank\.ts$/m,
  );
});

it('one that passes with warnings of the protocol, or loses commits, is remarked on', () => {
  const program = join(folder, 'log.ts');
  writeFileSync(
    program,
    `import { Node, type Json } from 'maelstrom/node';
const node = new Node();
const logs = new Map<string, Json[]>();
node.on('send', ({ key, msg }, message) => {
  const log = logs.get(key) ?? [];
  logs.set(key, log);
  const reply = { offset: log.push(msg) - 1 };
  node.reply(message, reply);
  return reply;
});
node.on('poll', ({ offsets }) => ({
  msgs: Object.fromEntries(
    Object.entries(offsets).map(([key, from]) => [
      key,
      (logs.get(key) ?? []).slice(from).map((msg, at) => [from + at, msg]),
    ]),
  ),
}));
node.on('commit_offsets', () => ({}));
node.on('list_committed_offsets', ({ keys }) => ({ offsets: Object.fromEntries(keys.map((key) => [key, 0])) }));`,
  );
  const { status, output } = glomersSimulated('5a', program);
  expect(output).toMatch(
    /^5a kafka, one node passes\. Yet:\n {2}[\d,]+ times `list_committed_offsets` was answered with less /m,
  );
  expect(output).toMatch(/^ {2}\d kinds? of protocol warning.*\n(?: {2}.*\n)* {2}.* a second time; /m);
  expect(status).toBe(0);
});

it('one that passes without latency is remarked on where it fails with it', { timeout: 180_000 }, () => {
  const program = join(folder, 'one-by-one.ts');
  writeFileSync(
    program,
    `import { Node, type Json } from 'maelstrom/node';
const node = new Node();
const registers = new Map<string, { value: Json; stamp: string }>();
let clock = 0;
const put = (key: string, value: Json, stamp: string): void => {
  clock = Math.max(clock, Number(stamp.split(' ')[0]));
  if (stamp > (registers.get(key)?.stamp ?? '')) registers.set(key, { value, stamp });
};
node.on('txn', ({ txn }) => {
  clock = Math.max(clock + 1, node.now());
  return {
    txn: txn.map(([f, key, value], at) => {
      const name = String(key);
      if (f === 'r') return [f, key, registers.get(name)?.value ?? null];
      const write = { type: 'write', key: name, value, stamp: [clock, node.id, at].join(' ') };
      put(write.key, value, write.stamp);
      for (const peer of node.peers) void node.rpc(peer, write, { timeoutMs: 1000, retries: Infinity });
      return [f, key, value];
    }),
  };
});
node.on('write', (body: { key: string; value: Json; stamp: string }) => {
  put(body.key, body.value, body.stamp);
  return {};
});`,
  );
  const { status, output } = glomersSimulated('6c', program);
  expect(output).toMatch(
    /^6c read committed passes\. Yet with --rate 100 --time-limit 10 --latency 10 --latency-dist exponential:\n {2}G1/m,
  );
  expect(output).toMatch(/^6c .* 1 of 1 valid {2}passes$/m);
  expect(status).toBe(0);
});

it('for a program that cannot be simulated, hunts in real clusters are named', () => {
  const { status, output } = maelstrom('glomers', '1', '--bin', example('python/echo.py'), '--seeds', '1');
  expect(output).toMatch(/^ {2}\S+ hunt -w echo --bin \S+echo\.py --real\n.* add: --nemesis usual,kill$/m);
  expect(status).toBe(0);
});

it('a failed challenge explains why, and shows the command that repeats it and what to read', () => {
  const { status, output } = maelstrom(
    'glomers',
    '1',
    '--bin',
    example('broken/echo.ts'),
    '--simulate',
    '--seeds',
    '2',
    '--seed',
    's',
  );
  expect(output).toContain('requests were not echoed');
  expect(output).toContain('It failed in 2 of 2 runs.');
  expect(output).toContain('To read: docs/challenges.md#1-echo, then docs/writing-nodes.md');
  const again = /^ {2}Again: \S+ (test .*)$/m.exec(output)?.[1] ?? '';
  expect(maelstrom(...again.split(' '), '--no-report').status).toBe(1);
  expect(status).toBe(1);
});

it('a missing program is refused before anything is run', () => {
  const { status, output } = maelstrom('glomers', '1', '--bin', 'none.ts');
  expect(output).toContain('none.ts does not exist');
  expect(status).toBe(254);
});

it('a class is graded: a table, a CSV file, a page, and a store for each program', () => {
  for (const name of ['ann', 'bob', 'cy']) mkdirSync(join(folder, 'class', name), { recursive: true });
  copyFileSync(example('echo.ts'), join(folder, 'class/ann/echo.ts'));
  copyFileSync(example('broken/echo.ts'), join(folder, 'class/bob/main.ts'));
  writeFileSync(join(folder, 'class/cy/echo.ts'), 'syntax(((');
  writeFileSync(
    join(folder, 'week.json'),
    JSON.stringify([
      { name: 'echo', tests: ['-w echo --time-limit 3 --node-count 2'], points: 3 },
      { name: 'sets', bin: 'set.ts', tests: ['-w g-set --time-limit 3'] },
    ]),
  );
  const words = ['grade', 'class', '--assignments', 'week.json', '--simulate', '--jobs', '2', '--seed', 's'];
  const { status, output } = maelstrom(...words);
  expect(output.slice(output.indexOf('\n     echo'))).toBe(`
     echo    sets     points
ann  passes  missing  3 of 4
bob  FAILS   missing  0 of 4
cy   FAILS   missing  0 of 4

Grades: grades/grades.csv, grades/grades.html
`);
  expect(output).toContain('The program does not compile.');
  expect(status).toBe(1);
  const csv = readFileSync(join(folder, 'grades/grades.csv'), 'utf8');
  expect(
    csv
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 6).join(',')),
  ).toEqual([
    'ann,echo,passes,3,1,1',
    'ann,sets,missing,0,,',
    'bob,echo,fails,0,0,1',
    'bob,sets,missing,0,,',
    'cy,echo,fails,0,0,1',
    'cy,sets,missing,0,,',
    '',
  ]);
  expect(readFileSync(join(folder, 'grades/grades.html'), 'utf8')).toMatch(
    /href="bob\/echo\/[^"]+\/report\.html"/,
  );
  // Grades may overwrite grades, but nothing else.
  expect(maelstrom(...words, '--out', 'class').output).toContain('class contains files that are not grades');
  expect(maelstrom(...words, '--assignments', 'week.json').output).toContain('Grades: grades/grades.csv');
});

it('a simulated run ended by a looping service of the teacher does not count against the program', () => {
  mkdirSync(join(folder, 'looped'));
  copyFileSync(example('own/ids-in-blocks.ts'), join(folder, 'looped/ids.ts'));
  writeFileSync(
    join(folder, 'id-blocks.ts'),
    `import { defineService } from 'maelstrom';
     export default defineService({ about: 'loops', init: {}, step() { for (;;); } });`,
  );
  const tests = ['-w unique-ids --time-limit 2 --service ./id-blocks.ts'];
  writeFileSync(join(folder, 'looped.json'), JSON.stringify([{ name: 'ids', tests }]));
  const { status, output } = maelstrom('grade', 'looped', '--assignments', 'looped.json', '--simulate');
  expect(output).toMatch(/^ids +ids +no verdict$/m);
  expect(output).toContain('because of an error in a file of the assignments, not in the program');
  expect(status).toBe(254);
});
