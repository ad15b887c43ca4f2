/** `maelstrom scenario` and `test --scenario`: a failing run as a file, also for a program that was edited afterwards. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-scenario-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(join(project, 'maelstrom'), words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
};
const digest = (folderOfRun: string): unknown =>
  Object(JSON.parse(readFileSync(join(folder, folderOfRun, 'test.json'), 'utf8')) as unknown).digest;

const FAILING =
  'test -w broadcast --bin node.ts --simulate --node-count 3 --rate 20 --time-limit 3 --recovery-time 1 ' +
  '--latency 10 --nemesis loss --loss 0.3 --nemesis-interval 0.5 --no-report --seed 3';
const again = (...more: string[]) =>
  run('test', '--scenario', 'scenario.json', '--store', 'again', '--no-report', ...more);

beforeAll(() => {
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  const program = readFileSync(join(project, 'examples/broken/trusts-delivery.ts'), 'utf8');
  writeFileSync(join(folder, 'node.ts'), program);
  run(...FAILING.split(' '));
}, 120_000);

it('the scenario of a run is the same run again, to the last byte', { timeout: 60_000 }, () => {
  const made = run('scenario', 'store/latest', '--out', 'scenario.json');
  expect(made.status).toBe(0);
  expect(made.output).toContain('what is wrong: lost.\nRunning it again gives the same run');
  const failed = again();
  expect(failed.status).toBe(1);
  expect(failed.output).toContain('confirmed elements were lost');
  expect(digest('again/latest')).toBe(digest('store/latest'));
});

it('with --expect-failure it exits with 0 as long as it fails in that way', { timeout: 60_000 }, () => {
  const failed = again('--expect-failure');
  expect(failed.status).toBe(0);
  expect(failed.output).toContain('It failed as the scenario expects: lost.');
  const scenario = readFileSync(join(folder, 'scenario.json'), 'utf8');
  const calm = scenario.replace('"chance": "seeded"', '"chance": "calm"');
  expect(calm).not.toBe(scenario);
  writeFileSync(join(folder, 'calm.json'), calm);
  const passed = run('test', '--scenario', 'calm.json', '--store', 'calm', '--no-report', '--expect-failure');
  expect(passed.status).toBe(1);
  expect(passed.output).toContain('The scenario expects a failure (lost), but the run did not fail.');
});

it('reports for an edited program how much of it applies', { timeout: 60_000 }, () => {
  const program = readFileSync(join(folder, 'node.ts'), 'utf8');
  writeFileSync(join(folder, 'edited.ts'), `${program}\nsetTimeout(() => {}, 1);\n`);
  const scenario = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as object;
  const message = (id: number, type: string) => ({ id, from: 'n0', to: 'n1', type, nth: 0, do: 'drop' });
  const messages = [message(1, 'tell'), message(2, 'gone')];
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify({ ...scenario, messages }));
  const { output } = again('--bin', 'edited.ts');
  expect(output).toContain(
    'Note: The program has changed since the scenario was created; 1 of 2 exceptions for single messages apply, 1 of them by type and number of the message.',
  );
  expect(output).toContain('Note: No longer there: message 1 of type gone from n0 to n1 (drop).');
});

it(
  'refuses options that it decides itself, an invalid scenario, and a run that was not simulated',
  { timeout: 60_000 },
  () => {
    expect(again('--rate', '5')).toEqual({
      status: 254,
      output:
        'maelstrom: --rate cannot be combined with --scenario, which already determines it.\nChange it in scenario.json, or leave the option out.\n',
    });
    writeFileSync(join(folder, 'other.json'), '{"ops": 1}');
    const other = run('test', '--scenario', 'other.json');
    expect([other.status, other.output]).toEqual([
      254,
      expect.stringContaining('maelstrom: other.json: ops must be an array, but is 1.'),
    ]);
    const none = run('scenario', 'store/nothing');
    expect([none.status, none.output]).toEqual([
      254,
      expect.stringContaining('store/nothing is not the folder of a run'),
    ]);
    expect(run('test', '-w', 'echo', '--bin', 'node.ts', '--expect-failure').output).toContain(
      '--expect-failure needs --scenario',
    );
  },
);
