/**
 * How long a hunt takes to find what is wrong with each program of examples/broken: the run that fails, and the processor time until
 * then, with the time to confirm it. Medians over several hunts in one process.
 *
 *     node bench/run.mjs hunt [HUNTS] [WORD]        only programs whose name contains WORD
 *     node bench/run.mjs hunt right [RUNS] [WORD]   instead: that many runs of the correct examples, none of which may fail
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeSpec } from '../src/harness/spec-defaults.ts';
import type { FoundFailure } from '../src/hunt/failure-groups.ts';
import { Hunt } from '../src/hunt/hunt.ts';
import type { HuntPlan } from '../src/hunt/hunt-plan.ts';
import { JobRunner } from '../src/hunt/job.ts';
import { OwnHands } from '../src/hunt/own-hands.ts';
import { USUAL_FAULTS } from '../src/hunt/usual-faults.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { bundleNode } from '../src/world/bundle.ts';
import { WORKLOADS } from '../src/workloads/index.ts';

interface Case {
  readonly workload: string;
  readonly program: string;
  /** Faults beside the usual ones. */
  readonly also?: readonly string[];
  readonly settings?: Partial<TestSpec>;
}

const ALONE: Partial<TestSpec> = { nodes: ['n1'] };

const BROKEN: readonly Case[] = [
  { workload: 'echo', program: 'broken/echo.ts' },
  { workload: 'unique-ids', program: 'broken/unique-ids.ts' },
  { workload: 'broadcast', program: 'broken/broadcast.ts' },
  { workload: 'g-set', program: 'broken/g-set.ts' },
  { workload: 'g-counter', program: 'broken/g-counter.ts' },
  { workload: 'pn-counter', program: 'broken/pn-counter.ts' },
  { workload: 'kafka', program: 'broken/forgets-on-restart.ts', also: ['kill'], settings: ALONE },
  { workload: 'broadcast', program: 'broken/trusts-delivery.ts' },
  { workload: 'g-counter', program: 'broken/assumes-exactly-once.ts' },
  { workload: 'lin-kv', program: 'broken/raft-stale-reads.ts' },
  { workload: 'txn-list-append', program: 'broken/txn-lost-update.ts' },
  { workload: 'txn-list-append', program: 'broken/txn-saved-late.ts', also: ['kill'], settings: ALONE },
  {
    workload: 'txn-list-append',
    program: 'broken/txn-dirty-read.ts',
    settings: { consistencyModels: ['read-committed'] },
  },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register-uncommitted.ts',
    settings: { consistencyModels: ['read-committed'] },
  },
  { workload: 'txn-list-append', program: 'broken/txn-write-skew.ts' },
  { workload: 'kafka', program: 'broken/kafka-lost-message.ts' },
  { workload: 'kafka', program: 'broken/kafka-offsets-reused.ts' },
  { workload: 'lin-kv', program: 'lin-kv.ts', also: ['duplicate'] },
];

const RIGHT: readonly Case[] = [
  { workload: 'echo', program: 'echo.ts' },
  { workload: 'unique-ids', program: 'unique-ids.ts' },
  { workload: 'broadcast', program: 'broadcast.ts', also: ['duplicate'] },
  { workload: 'g-set', program: 'g-set.ts', also: ['duplicate'] },
  { workload: 'g-set', program: 'g-set-membership.ts', also: ['duplicate', 'kill', 'membership'] },
  { workload: 'g-counter', program: 'g-counter.ts', also: ['duplicate'] },
  { workload: 'g-counter', program: 'g-counter-seq-kv.ts' },
  { workload: 'pn-counter', program: 'pn-counter.ts', also: ['duplicate'] },
  { workload: 'lin-kv', program: 'lin-kv.ts', also: ['kill'] },
  { workload: 'lin-kv', program: 'raft', also: ['duplicate', 'kill'] },
  { workload: 'kafka', program: 'kafka.ts', also: ['kill'], settings: ALONE },
  { workload: 'kafka', program: 'kafka-lin-kv.ts', also: ['duplicate', 'kill'] },
  { workload: 'txn-list-append', program: 'txn-list-append.ts', also: ['kill'], settings: ALONE },
  { workload: 'txn-list-append', program: 'txn-list-append-lin-kv.ts', also: ['duplicate', 'kill'] },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register.ts',
    also: ['duplicate', 'kill'],
    settings: { consistencyModels: ['read-committed'] },
  },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register-uncommitted.ts',
    also: ['duplicate', 'kill'],
    settings: { consistencyModels: ['read-uncommitted'] },
  },
];

const MOST_RUNS = 3000;
const folder = mkdtempSync(join(tmpdir(), 'bench-hunt-'));
const examples = new URL('../../examples/', import.meta.url);
const [first, ...words] = process.argv.slice(2);
try {
  if (first === 'right') await huntRight(Number(words[0] ?? 200), words[1] ?? '');
  else await huntBroken(Number(first ?? 5), words[0] ?? '');
} finally {
  rmSync(folder, { recursive: true });
}

async function huntBroken(hunts: number, word: string): Promise<void> {
  console.log('program                         run   CPU s  (most)   ops  messages  kinds');
  for (const one of BROKEN.filter(({ program }) => program.includes(word))) {
    const results: { run: number; seconds: number; found: FoundFailure | undefined }[] = [];
    for (let hunt = 1; hunt <= hunts; hunt++)
      results.push(await huntOnce(one, `bench${hunt}`, MOST_RUNS, false));
    const of = (take: (result: (typeof results)[number]) => number): number => median(results.map(take));
    const kinds = [...new Set(results.map(({ found }) => found?.signature.join('+') ?? 'NOT FOUND'))];
    console.log(
      one.program.padEnd(28),
      String(of(({ run }) => run)).padStart(6),
      of(({ seconds }) => seconds)
        .toFixed(2)
        .padStart(7),
      `(${Math.max(...results.map(({ seconds }) => seconds)).toFixed(2)})`.padStart(8),
      String(of(({ found }) => found?.operations ?? 0)).padStart(5),
      String(of(({ found }) => found?.messages ?? 0)).padStart(9),
      '',
      kinds.join(' | ').slice(0, 100),
    );
  }
}

async function huntRight(runs: number, word: string): Promise<void> {
  for (const one of RIGHT.filter(({ program }) => program.includes(word))) {
    const { seconds, hunt } = await huntOnce(one, 'right', runs, true);
    const { tally, groups, doubts } = hunt.state;
    console.log(
      one.program.padEnd(32),
      `${tally.runs} runs, ${seconds.toFixed(1)} s, ${tally.failures} failed, ${tally.undecided} undecided, ${tally.withoutSuccess} without success, ${doubts.length} doubts`,
    );
    for (const { signature, count, smallest } of groups.all()) {
      console.log(`   ${count} x ${signature.join()}: ${smallest.sentence.slice(0, 300)}`);
      console.log(`   ${JSON.stringify({ ...smallest.spec, bin: '' })}`);
    }
  }
}

async function huntOnce(one: Case, seed: string, runs: number, collect: boolean) {
  const workload = WORKLOADS.get(one.workload);
  if (workload === undefined) throw new Error(one.workload);
  const program = new URL(one.program, examples).pathname;
  const base = completeSpec({
    ...one.settings,
    workload: one.workload,
    bin: program,
    world: 'simulated',
    nemesis: [...USUAL_FAULTS, ...(one.also ?? [])],
  });
  let plan: HuntPlan = {
    base,
    asked: one.settings?.nodes === undefined ? [] : ['nodes'],
    kept: [],
    leastNodes: 1,
    readySeconds: 0,
    hasPrimary: ['lin-kv', 'kafka'].includes(one.workload) || one.workload.startsWith('txn'),
  };
  const before = process.cpuUsage();
  const bundled = await bundleNode(program, 'simulated', folder);
  const { readySeconds = 0 } = await new JobRunner(plan, bundled, workload).run({ number: 0, seed });
  plan = { ...plan, readySeconds };
  const runner = new JobRunner(plan, bundled, workload);
  const hunt = new Hunt({
    plan,
    seed,
    hands: new OwnHands(runner),
    collect,
    mostRuns: runs,
    signal: new AbortController().signal,
  });
  await hunt.run();
  const { user, system } = process.cpuUsage(before);
  const { tally, groups } = hunt.state;
  return { run: tally.runs, seconds: (user + system) / 1e6, found: groups.smallest(), hunt };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
