/**
 * Cost of stepping through a run: opening it, seeking, stepping either way, branching to a verdict. Medians and maxima
 * of wall and CPU time; the engine alone, without its process and HTTP.
 *
 *     node bench/run.mjs travel [SEEKS]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunTestOptions } from '../src/harness/settings/check-settings.ts';
import { runTest } from '../src/harness/one-test/run-test.ts';
import type { InFlight, Line } from '../src/recording/travel-view.ts';
import { Travel } from '../src/travel/travel.ts';

const seeks = Number(process.argv[2] ?? 20);
const store = mkdtempSync(join(tmpdir(), 'bench-travel-'));
const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

/** Runs of about 10,000 messages. */
const RUNS: readonly (RunTestOptions & { readonly workload: string })[] = [
  {
    workload: 'broadcast',
    bin: example('broken/trusts-delivery.ts'),
    rate: 75,
    timeLimitSeconds: 30,
    nemesis: ['partition'],
    latency: { distribution: 'constant', meanMs: 10 },
  },
  {
    workload: 'lin-kv',
    bin: example('raft'),
    concurrency: 10,
    rate: 40,
    timeLimitSeconds: 20,
    nemesis: ['partition', 'kill'],
    latency: { distribution: 'exponential', meanMs: 5 },
  },
];

try {
  for (const settings of RUNS) await measure(settings);
} finally {
  rmSync(store, { recursive: true });
}

async function measure(settings: RunTestOptions & { readonly workload: string }): Promise<void> {
  const { folder } = await runTest({ ...settings, world: 'simulated', seed: 'bench', store, report: false });
  const travel = Travel.open(folder);
  const opening = await timed(() => travel.prepare());
  const state = travel.opened();
  if (state.kind !== 'ready') throw new Error('it is ready');
  const { line } = state;
  console.log(
    `${settings.workload}, ${line.nodes.length} nodes, ${line.messages} messages, ${line.events} events`,
  );
  print('open', [opening]);
  const sought: Timed[] = [];
  const forward: Timed[] = [];
  const back: Timed[] = [];
  for (let seek = 0; seek < seeks; seek++) {
    const event = Math.floor(line.events * ((seek * 0.618 + 0.3) % 1));
    sought.push(await timed(() => travel.seek({ to: { kind: 'event', event } })));
    for (let by = 1; by <= 50; by++)
      forward.push(await timed(() => travel.seek({ to: { kind: 'step', from: event, by } })));
    for (let by = 1; by <= 300; by++)
      back.push(await timed(() => travel.seek({ to: { kind: 'step', from: event, by: -by } })));
  }
  print('seek', sought);
  print('step', forward);
  print('step back', back);
  const branches: Timed[] = [];
  for (let branch = 1; branch <= 6; branch++) {
    const { at, message } = await underWay(travel, line, Math.floor((line.events * branch) / 8));
    const change =
      branch % 2 === 0
        ? ({ kind: 'drop', message } as const)
        : ({ kind: 'delay', message, ms: 200 } as const);
    branches.push(await timed(() => travel.branch({ at, change })));
  }
  print('branch', branches);
  console.log(`most memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB\n`);
  travel.close();
}

/** Returns the next position at which a message between servers is in flight. */
async function underWay(
  travel: Travel,
  { events }: Line,
  from: number,
): Promise<{ readonly at: number; readonly message: number }> {
  for (let at = from; at < events; at++) {
    const { inFlight } = await travel.seek({ to: { kind: 'event', event: at } });
    const found = inFlight.first.find(({ canChange }: InFlight) => canChange);
    if (found !== undefined) return { at, message: found.id };
  }
  throw new Error('no message is on its way');
}

interface Timed {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
}

function print(what: string, times: readonly Timed[]): void {
  const of = (take: (time: Timed) => number): string => {
    const sorted = times.map(take).toSorted((one, other) => one - other);
    const text = (value: number | undefined): string => (value ?? 0).toFixed(1);
    return `${text(sorted[sorted.length >> 1])} ms (most ${text(sorted.at(-1))})`;
  };
  console.log(`  ${what.padEnd(10)} wall ${of(({ wallMs }) => wallMs)}, CPU ${of(({ cpuMs }) => cpuMs)}`);
}
