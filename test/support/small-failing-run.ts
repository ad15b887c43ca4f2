/** Small simulated runs of the broken examples: a few operations, with the first seed that fails. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import { simulateOnce } from '../../src/harness/simulations/simulate-once.ts';
import { MemoryJournal } from '../../src/network/journal/memory-journal.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { storyRunOf, type StoryRun } from '../../src/story/story-run.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';

export type SmallRun = StoryRun & { readonly seed: string };

export interface SmallCase {
  readonly name: string;
  readonly workload: string;
  /** Path below examples/. */
  readonly program: string;
  readonly settings: Partial<TestSpec>;
  /** Where the search begins: seeds before it are known to pass. Default: 1. */
  readonly firstSeed?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-small-'));
const bundles = new Map<string, Promise<string>>();

function bundled(program: string): Promise<string> {
  const path = program.startsWith('/')
    ? program
    : fileURLToPath(new URL(`../../examples/${program}`, import.meta.url));
  const known =
    bundles.get(path) ??
    bundleNode(path, 'simulated', join(folder, String(bundles.size))).then(({ bin }) => bin);
  bundles.set(path, known);
  return known;
}

const MOST_SEEDS = 400;

/** Two nodes, a second or two, about ten operations. */
const small = (settings: Partial<TestSpec>): Partial<TestSpec> => ({
  nodes: ['n1', 'n2'],
  timeLimitSeconds: 1,
  rate: 10,
  recoverySeconds: 1,
  ...settings,
});

const faulty = (fault: string, settings: Partial<TestSpec> = {}): Partial<TestSpec> =>
  small({ nemesis: [fault], nemesisIntervalSeconds: 0.3, ...settings });

const LIST = 'txn-list-append';
const MIXED = { distribution: 'exponential', meanMs: 20 } as const;
const EVEN = { distribution: 'constant', meanMs: 10 } as const;

/** Every command of examples/README.md that must fail. */
export const BROKEN: readonly SmallCase[] = [
  { name: 'echo', workload: 'echo', program: 'broken/echo.ts', settings: small({ concurrency: 1 }) },
  { name: 'unique-ids', workload: 'unique-ids', program: 'broken/unique-ids.ts', settings: small({}) },
  { name: 'broadcast', workload: 'broadcast', program: 'broken/broadcast.ts', settings: small({}) },
  { name: 'g-set', workload: 'g-set', program: 'broken/g-set.ts', settings: small({}) },
  { name: 'g-counter', workload: 'g-counter', program: 'broken/g-counter.ts', settings: small({}) },
  { name: 'pn-counter', workload: 'pn-counter', program: 'broken/pn-counter.ts', settings: small({}) },
  {
    name: 'forgets-on-restart',
    workload: 'kafka',
    program: 'broken/forgets-on-restart.ts',
    firstSeed: 10,
    settings: faulty('kill', { nodes: ['n1'], concurrency: 2, timeLimitSeconds: 2 }),
  },
  {
    name: 'trusts-delivery, partition',
    workload: 'broadcast',
    program: 'broken/trusts-delivery.ts',
    settings: faulty('partition', { nodes: ['n1', 'n2', 'n3'] }),
  },
  {
    name: 'trusts-delivery, loss',
    workload: 'broadcast',
    program: 'broken/trusts-delivery.ts',
    settings: faulty('loss', { nodes: ['n1', 'n2', 'n3'] }),
  },
  {
    name: 'assumes-exactly-once, duplicate',
    workload: 'g-counter',
    program: 'broken/assumes-exactly-once.ts',
    settings: faulty('duplicate'),
  },
  {
    name: 'assumes-exactly-once, loss',
    workload: 'g-counter',
    program: 'broken/assumes-exactly-once.ts',
    settings: faulty('loss', { recoverySeconds: 3 }),
  },
  {
    name: 'raft-stale-reads',
    workload: 'lin-kv',
    program: 'broken/raft-stale-reads.ts',
    firstSeed: 12,
    settings: faulty('partition', {
      nodes: ['n1', 'n2', 'n3'],
      concurrency: 6,
      timeLimitSeconds: 2,
      rate: 15,
      nemesisIntervalSeconds: 0.7,
    }),
  },
  {
    name: 'txn-lost-update',
    workload: LIST,
    program: 'broken/txn-lost-update.ts',
    settings: small({ concurrency: 4, rate: 20, timeLimitSeconds: 0.5, latency: EVEN }),
  },
  {
    name: 'txn-saved-late',
    workload: LIST,
    program: 'broken/txn-saved-late.ts',
    firstSeed: 56,
    settings: faulty('kill', { nodes: ['n1'], concurrency: 2, rate: 15 }),
  },
  {
    name: 'txn-dirty-read',
    workload: LIST,
    program: 'broken/txn-dirty-read.ts',
    settings: small({
      concurrency: 4,
      rate: 20,
      timeLimitSeconds: 0.5,
      latency: EVEN,
      consistencyModels: ['read-committed'],
    }),
  },
  {
    name: 'txn-rw-register-uncommitted',
    workload: 'txn-rw-register',
    program: 'txn-rw-register-uncommitted.ts',
    firstSeed: 36,
    settings: small({
      concurrency: 4,
      rate: 20,
      timeLimitSeconds: 0.5,
      latency: MIXED,
      consistencyModels: ['read-committed'],
    }),
  },
  {
    name: 'txn-write-skew',
    workload: LIST,
    program: 'broken/txn-write-skew.ts',
    settings: small({ concurrency: 4, rate: 20, timeLimitSeconds: 0.7, latency: EVEN }),
  },
  {
    name: 'kafka-lost-message',
    workload: 'kafka',
    program: 'broken/kafka-lost-message.ts',
    settings: small({ concurrency: 8, rate: 100, timeLimitSeconds: 1, latency: MIXED }),
  },
  {
    name: 'kafka-offsets-reused',
    workload: 'kafka',
    program: 'broken/kafka-offsets-reused.ts',
    settings: small({ concurrency: 4, rate: 30, timeLimitSeconds: 0.5, latency: EVEN }),
  },
  {
    name: 'lin-kv, duplicate',
    workload: 'lin-kv',
    program: 'lin-kv.ts',
    settings: faulty('duplicate', {
      concurrency: 4,
      rate: 40,
      latency: MIXED,
      faultStrengths: { duplicate: 0.5 },
    }),
  },
];

/** Returns the run with the first of the seeds `firstSeed`, `firstSeed` + 1, ... that is invalid. */
export async function smallFailingRun({
  workload: name,
  program,
  settings,
  firstSeed = 1,
}: SmallCase): Promise<SmallRun> {
  const workload = WORKLOADS.get(name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  const bin = await bundled(program);
  for (let number = firstSeed; number < firstSeed + MOST_SEEDS; number++) {
    const seed = String(number);
    const spec = completeSpec({ workload: name, bin, world: 'simulated', seed, ...settings });
    const journal = new MemoryJournal();
    const run = await simulateOnce(spec, workload, seed, { journal });
    if (run.results.workload?.['valid?'] === false)
      return { ...storyRunOf({ spec, workload, run, journal }), seed };
  }
  throw new Error(`none of ${MOST_SEEDS} seeds fails`);
}
