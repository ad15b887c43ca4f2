/**
 * What scripts around upstream's runs do to find out how a run went: the commands stand in many public repositories. They
 * look at results.edn and jepsen.log line by line.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SetFullResult } from '../../src/checkers/sets/set-full.ts';
import { runTest } from '../../src/harness/one-test/run-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let perOperation = 0;
let median = 0;
let maximum = 0;
beforeAll(async () => {
  const { results } = await runTest({
    workload: 'broadcast',
    bin: fileURLToPath(new URL('../../examples/broadcast.ts', import.meta.url)),
    world: 'simulated',
    seed: 'scripts',
    nodes: Array.from({ length: 9 }, (_, at) => `n${at}`),
    timeLimitSeconds: 10,
    rate: 20,
    latency: { distribution: 'constant', meanMs: 100 },
    store: join(folder, 'store'),
    report: false,
  });
  perOperation = results.net?.servers['msgs-per-op'] ?? 0;
  // The results of broadcast are those of this checker.
  const { 'stable-latencies': latencies } = results.workload as SetFullResult;
  median = Number(latencies?.[0.5]);
  maximum = Number(latencies?.[1]);
});

function shell(script: string): string {
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim();
}

it('has figures worth looking for', () => {
  expect(perOperation).toBeGreaterThan(1);
  expect(median).toBeGreaterThan(0);
  expect(maximum).toBeGreaterThan(median);
});

it('the last line of jepsen.log is the verdict', () => {
  expect(shell('tail -n1 ./store/latest/jepsen.log')).toBe('Everything looks good! ヽ(‘ー`)ノ');
});

it.each(['results.edn', 'jepsen.log'])('the root’s verdict is the last line of the results in %s', (file) => {
  expect(shell(`grep -cE '^ :valid\\? true\\}$' store/latest/${file}`)).toBe('1');
});

it.each(['results.edn', 'jepsen.log'])('messages per operation have a line of their own in %s', (file) => {
  expect(shell(`grep ':msgs-per-op' store/latest/${file} | tail -n 1`)).toBe(
    `:msgs-per-op ${perOperation}},`,
  );
  const digits = `awk '/:servers/{found=1} found && /:msgs-per-op/{gsub(/[^0-9.]/,"",$0); print; exit}'`;
  expect(shell(`${digits} store/latest/${file}`)).toBe(String(perOperation));
});

it('messages per operation are on line 30 of results.edn', () => {
  expect(shell('sed -n "30p" < store/latest/results.edn')).toBe(`:msgs-per-op ${perOperation}},`);
});

it.each(['results.edn', 'jepsen.log'])('quantiles of latency follow their name in %s', (file) => {
  const lines = shell(`grep -A 4 ':stable-latencies' store/broadcast/latest/${file} | tr -d '{},'`);
  const words = lines.split(/\s+/);
  expect([words[words.indexOf('0.5') + 1], words[words.indexOf('1') + 1]]).toEqual([
    String(median),
    String(maximum),
  ]);
});

it('results.edn holds the results that jepsen.log shows', () => {
  const log = readFileSync(join(folder, 'store/latest/jepsen.log'), 'utf8');
  expect(log).toContain(readFileSync(join(folder, 'store/latest/results.edn'), 'utf8').trimEnd());
});
