/**
 * Cost of many simulated runs in one process, without store and report, as in a hunt: CPU time of one thread.
 *
 *     node bench/run.mjs hunting [WHAT...] [--careful]
 *
 * WHAT is tiny (two nodes, two operations, 0.1 s), warm (the same after a thousand runs), short (broadcast, five nodes, rate 10, 30 s, partitions), echo,
 * broadcast or raft (long runs: messages per second), or memory (ten thousand tiny runs).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSimulator, type Simulator } from '../src/harness/simulations/simulator.ts';
import { completeSpec, type TestSettings } from '../src/harness/settings/spec-defaults.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';

type Plan = Omit<TestSettings, 'bin'> & { readonly program: string };

const nodes = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);

const TINY: Plan = {
  workload: 'broadcast',
  program: 'broadcast.ts',
  nodes: nodes(2),
  rate: 20,
  timeLimitSeconds: 0.1,
  recoverySeconds: 0,
};
const SHORT: Plan = {
  workload: 'broadcast',
  program: 'broadcast.ts',
  nodes: nodes(5),
  rate: 10,
  timeLimitSeconds: 30,
  nemesis: ['partition'],
};
const LONG: Readonly<Record<string, Plan>> = {
  echo: { workload: 'echo', program: 'echo.ts', nodes: nodes(5), rate: 1000, timeLimitSeconds: 60 },
  broadcast: {
    workload: 'broadcast',
    program: 'broadcast.ts',
    nodes: nodes(25),
    rate: 100,
    timeLimitSeconds: 60,
    topology: 'total',
  },
  raft: {
    workload: 'lin-kv',
    program: 'raft/index.ts',
    nodes: nodes(5),
    rate: 200,
    timeLimitSeconds: 60,
    nemesis: ['partition'],
  },
};

const BATCHES = 10;

const given = process.argv.slice(2);
const wanted = given.filter((word) => !word.startsWith('--'));
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const careful = given.includes('--careful');
const examples = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'examples');
const folder = mkdtempSync(join(tmpdir(), 'bench-hunting-'));

try {
  if (asked('tiny')) await manyRuns('tiny', TINY, 20, 500);
  if (asked('warm')) await manyRuns('warm', TINY, 1000, 2000);
  if (asked('short')) await manyRuns('short', SHORT, 3, 30);
  for (const [name, plan] of Object.entries(LONG)) if (asked(name)) await longRun(name, plan);
  if (asked('memory')) await manyRuns('memory', TINY, 20, 10_000);
} finally {
  rmSync(folder, { recursive: true });
}

type RunOne = (seed: number) => Promise<number>;

/** Returns a function that carries out a run of the plan and returns its number of messages. */
async function runnerOf({ program, ...settings }: Plan, simulator: Simulator): Promise<RunOne> {
  const { bin } = await bundleNode(join(examples, program), 'simulated', folder);
  const workload = WORKLOADS.get(settings.workload);
  if (workload === undefined) throw new Error(`there is no workload ${settings.workload}`);
  const spec = completeSpec({ ...settings, bin, world: 'simulated' });
  return async (seed) => {
    // A broadcast of a tiny run has no time to spread, and may rightly count as lost; so verdicts are not checked.
    const { messages, history } = await simulator.run(spec, workload, String(seed));
    if (!history.some(({ type }) => type === 'ok')) throw new Error(`nothing succeeded with seed ${seed}`);
    return messages;
  };
}

async function manyRuns(name: string, plan: Plan, warmUp: number, runs: number): Promise<void> {
  const simulator = openSimulator({ careful });
  const run = await runnerOf(plan, simulator);
  for (let seed = 0; seed < warmUp; seed++) await run(seed);
  let messages = 0;
  // A batch that other load on the machine does not disturb shows the cost of a run.
  const batches: number[] = [];
  const size = runs / BATCHES;
  for (let batch = 0; batch < BATCHES; batch++) {
    const cpuMs = await timed(async () => {
      for (let seed = batch * size; seed < (batch + 1) * size; seed++) messages += await run(seed);
    });
    batches.push(cpuMs / size);
  }
  simulator.close();
  const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
  const mean = batches.reduce((sum, each) => sum + each, 0) / BATCHES;
  const least = Math.min(...batches);
  const median = batches.toSorted((a, b) => a - b)[BATCHES / 2] ?? mean;
  console.log(
    `${name.padEnd(10)} ${[mean, median, least].map((ms) => ms.toFixed(2)).join(' / ')} ms a run (mean / median / least of ` +
      `${BATCHES} batches), ${Math.round(1000 / median)} runs/s, ${Math.round(messages / runs)} messages a run, ${megabytes} MB`,
  );
}

async function longRun(name: string, plan: Plan): Promise<void> {
  const simulator = openSimulator({ careful });
  const run = await runnerOf(plan, simulator);
  await run(0);
  for (const seed of [1, 2, 3]) {
    let messages = 0;
    const cpuMs = await timed(async () => void (messages = await run(seed)));
    console.log(
      `${name.padEnd(10)} ${messages} messages, ${((1000 * cpuMs) / messages).toFixed(1)} us each, ` +
        `${Math.round(messages / cpuMs)} thousand a second`,
    );
  }
  simulator.close();
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begin = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}
