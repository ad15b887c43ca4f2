/** The programs run twice, and on every version of Node: all examples, and a probe of what could differ. */
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import { LATENCY_SHAPES } from '../../src/network/rules/latency.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';

interface Program {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly workload: string;
}

/** Indexed by workload. */
const PATHS: Readonly<Record<string, string>> = {
  echo: 'echo.ts broken/echo.ts',
  'unique-ids': 'unique-ids.ts javascript/unique-ids.js broken/unique-ids.ts',
  broadcast: 'broadcast.ts broken/broadcast.ts broken/trusts-delivery.ts',
  'g-set': 'g-set.ts g-set-membership.ts broken/g-set.ts',
  'g-counter': 'g-counter.ts g-counter-seq-kv.ts broken/g-counter.ts broken/assumes-exactly-once.ts',
  'pn-counter': 'pn-counter.ts broken/pn-counter.ts',
  'lin-kv':
    'lin-kv.ts raft broken/raft-stale-reads.ts broken/raft-truncates.ts broken/raft-votes-twice.ts broken/raft-commits-by-count.ts',
  kafka:
    'kafka.ts kafka-lin-kv.ts broken/kafka-lost-message.ts broken/kafka-offsets-reused.ts broken/forgets-on-restart.ts',
  'txn-list-append':
    'txn-list-append.ts txn-list-append-lin-kv.ts broken/txn-dirty-read.ts broken/txn-lost-update.ts broken/txn-saved-late.ts broken/txn-write-skew.ts',
  'txn-rw-register': 'txn-rw-register.ts txn-rw-register-uncommitted.ts',
};

/** Added later, and so at the end: an example's position decides its latencies. */
const LATER: Readonly<Record<string, string>> = {
  echo: 'javascript/echo.js',
  broadcast: 'javascript/broadcast.js',
  'lin-kv':
    'javascript/lin-kv.js broken/raft-snapshot-without-term.ts broken/raft-cuts-log-first.ts broken/raft-merges-snapshot.ts broken/raft-snapshot-without-sessions.ts broken/raft-configuration-late.ts broken/raft-two-changes.ts broken/raft-changes-too-soon.ts',
};

/** Added later still. */
const LATEST: Readonly<Record<string, string>> = {
  'unique-ids':
    'unique-ids-random.ts unique-ids-stored.ts unique-ids-blocks.ts unique-ids-snowflake.ts ' +
    'broken/unique-ids-random.ts broken/unique-ids-stored.ts broken/unique-ids-blocks.ts broken/unique-ids-clock.ts',
  broadcast: 'broadcast-flood.ts broadcast-retry.ts broadcast-tree.ts broken/broadcast-tree.ts',
  kafka: 'kafka-owners.ts broken/kafka-owners.ts',
  'txn-list-append': 'txn-list-append-tree.ts broken/txn-thunk-missing.ts',
  'txn-rw-register': 'txn-rw-register-atomic.ts broken/txn-rw-register-torn.ts broken/txn-rw-write-skew.ts',
};

export const EXAMPLES: readonly Program[] = [PATHS, LATER, LATEST].flatMap((all) =>
  Object.entries(all).flatMap(([workload, paths]) =>
    paths.split(' ').map((path) => ({ path: `examples/${path}`, workload })),
  ),
);

/** Replies with values from the language and Node's modules. */
export const PROBE: Program = { path: 'test/determinism/probe.ts', workload: 'unique-ids' };

/** Breaks the protocol, and crashes. */
export const OFFENDER: Program = { path: 'test/determinism/offender.ts', workload: 'echo' };

const FAULTS = [
  'partition',
  'one-way',
  'kill',
  'pause',
  'loss',
  'duplicate',
  'reorder',
  'slow',
  'flap',
  'skew',
];

function faultsOf(path: string): readonly string[] {
  // Faults would keep these two from doing everything they do.
  if (path === PROBE.path || path === OFFENDER.path) return [];
  return path.includes('membership') ? ['membership', ...FAULTS] : FAULTS;
}

/** Returns the spec of a short run with many faults, whose verdict does not matter. `bin` is the program to start. */
export function specOf({ path, workload }: Program, bin: string): TestSpec {
  const at = EXAMPLES.findIndex((example) => example.path === path);
  const distribution = LATENCY_SHAPES[(at + 1) % LATENCY_SHAPES.length] ?? 'constant';
  return completeSpec({
    workload,
    bin,
    world: 'simulated',
    seed: 'determinism',
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 6,
    rate: 100,
    timeLimitSeconds: 0.4,
    recoverySeconds: 0.1,
    latency: { distribution, meanMs: 5 },
    nemesis: faultsOf(path),
    nemesisIntervalSeconds: 0.2,
  });
}
