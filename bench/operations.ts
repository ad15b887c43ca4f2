/**
 * CPU time of the harness per client operation: echo against five compiled nodes, with 20 clients as fast as they can
 * and everything that a run does: generator, RPCs, network, journal and history on disk, checkers, results (but not the
 * report, which has its own benchmark). Start and end are excluded by taking the difference of a long and a short run.
 *
 *     node bench/run.mjs operations [SECONDS]        default: 6
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTest } from '../src/index.ts';

const seconds = Number(process.argv[2] ?? 6);
const program = join(process.cwd(), '.build', 'nodes-echo');
execFileSync('cc', ['-O2', '-o', program, 'nodes/echo.c']);
const store = mkdtempSync(join(tmpdir(), 'maelstrom-bench-'));

interface Cost {
  readonly operations: number;
  readonly micros: number;
}

async function cost(timeLimitSeconds: number): Promise<Cost> {
  const before = process.cpuUsage();
  const { results } = await runTest({
    store,
    workload: 'echo',
    bin: program,
    seed: 'bench',
    concurrency: 20,
    rate: 1_000_000,
    timeLimitSeconds,
    report: false,
  });
  const { user, system } = process.cpuUsage(before);
  if (results['valid?'] !== true) throw new Error(`the run is not valid: ${JSON.stringify(results)}`);
  return { operations: (results['stats'] as { readonly count: number }).count, micros: user + system };
}

await cost(1);
const short = await cost(1);
const long = await cost(seconds);
rmSync(store, { recursive: true });
const operations = long.operations - short.operations;
console.log(
  `${operations} operations: ${((long.micros - short.micros) / operations).toFixed(1)} us of CPU each`,
);
console.log(`most memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
