/**
 * The proof that faults bite and checkers see: what is right stays valid under every fault its workload can bear, and what
 * is wrong is found, whatever the seed.
 */

type Fault = 'partition' | 'pause' | 'kill' | 'loss' | 'duplicate' | 'membership' | 'skew';

interface CorrectProgram {
  /** What stands behind `./maelstrom test`, but for the faults. */
  readonly command: string;
  readonly bears: readonly Fault[];
}

export interface ProofCase {
  /** What stands behind `./maelstrom test`; run with `--simulate` and a seed. */
  readonly command: string;
  /** Nothing is wrong, or what the results of the workload, as JSON, must say. */
  readonly expected: 'valid' | RegExp;
  /** Whether the test suite runs it too; it has no time for all. */
  readonly inSuite: boolean;
}

/** Transactions of many parts that arrive at different times, and the strictest view that an available system can give of them. */
const WRITTEN_ONCE =
  '--time-limit 20 --concurrency 2n --rate 100 --latency 100 --latency-dist exponential --max-txn-length 8 ' +
  '--max-writes-per-key 1 --consistency-models consistent-view';

const CORRECT: readonly CorrectProgram[] = [
  ...['random', 'stored', 'blocks'].map((how): CorrectProgram => {
    return {
      command: `-w unique-ids --bin examples/unique-ids-${how}.ts --time-limit 10 --rate 200`,
      bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
    };
  }),
  {
    command: '-w unique-ids --bin examples/unique-ids-snowflake.ts --time-limit 10 --rate 200',
    bears: ['partition', 'pause', 'kill', 'skew'],
  },
  ...['flood', 'retry', 'tree'].map((how): CorrectProgram => {
    return {
      command: `-w broadcast --bin examples/broadcast-${how}.ts --time-limit 20 --rate 20 --latency 20`,
      bears: ['partition', 'pause', 'loss', 'duplicate'],
    };
  }),
  {
    command: '-w g-set --bin examples/g-set-membership.ts --time-limit 20 --concurrency 2n --rate 50',
    bears: ['membership', 'partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    // A request that is passed on twice is one too many.
    command: '-w lin-kv --bin examples/lin-kv.ts --time-limit 20 --concurrency 2n --rate 50',
    bears: ['partition', 'pause', 'kill', 'loss'],
  },
  {
    command: '-w lin-kv --bin examples/raft --time-limit 20 --concurrency 4n --rate 100 --latency 10',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate', 'membership'],
  },
  {
    // A node alone has no links.
    command: '-w kafka --bin examples/kafka.ts --node-count 1 --time-limit 20 --concurrency 20n --rate 100',
    bears: ['pause', 'kill'],
  },
  {
    command: '-w kafka --bin examples/kafka-lin-kv.ts --time-limit 20 --concurrency 2n --rate 100',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    command: '-w kafka --bin examples/kafka-owners.ts --time-limit 20 --concurrency 2n --rate 100',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    command:
      '-w txn-list-append --bin examples/txn-list-append.ts --node-count 1 --time-limit 20 --concurrency 20n --rate 100',
    bears: ['pause', 'kill'],
  },
  {
    command:
      '-w txn-list-append --bin examples/txn-list-append-lin-kv.ts --time-limit 20 --concurrency 2n --rate 50',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    command:
      '-w txn-list-append --bin examples/txn-list-append-tree.ts --time-limit 20 --concurrency 2n --rate 50',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    command:
      '-w txn-rw-register --bin examples/txn-rw-register.ts --time-limit 20 --concurrency 2n --rate 100 --latency 50 ' +
      '--consistency-models read-committed --availability total',
    bears: ['partition', 'loss', 'duplicate'],
  },
  {
    // Nothing is available while it does not run.
    command:
      '-w txn-rw-register --bin examples/txn-rw-register.ts --time-limit 20 --concurrency 2n --rate 100 --latency 50 ' +
      '--consistency-models read-committed',
    bears: ['pause', 'kill'],
  },
  {
    command:
      '-w txn-rw-register --bin examples/txn-rw-register-atomic.ts --time-limit 20 --concurrency 2n --rate 100 --latency 50 ' +
      '--consistency-models monotonic-atomic-view --availability total',
    bears: ['partition', 'loss', 'duplicate'],
  },
  {
    // Each register is written once, so that there are no lost updates, and views can be asked to be consistent.
    command: `-w txn-rw-register --bin examples/txn-rw-register-atomic.ts ${WRITTEN_ONCE}`,
    bears: ['partition', 'pause', 'loss', 'duplicate'],
  },
  {
    command:
      '-w txn-rw-register --bin examples/txn-rw-register-uncommitted.ts --time-limit 20 --concurrency 2n --rate 100 ' +
      '--latency 100 --latency-dist exponential --consistency-models read-uncommitted',
    bears: ['partition', 'pause', 'kill', 'loss', 'duplicate'],
  },
  {
    // What is broken about it is no breach of snapshot isolation.
    command:
      '-w txn-list-append --bin examples/broken/txn-write-skew.ts --time-limit 20 --concurrency 2n --rate 50 --latency 10 ' +
      '--consistency-models snapshot-isolation',
    bears: ['partition'],
  },
];

/** The anomaly that must be found, and the command that shows it. */
const BROKEN: readonly (readonly [RegExp, string])[] = [
  [
    /"duplicated-count":[1-9]/,
    '-w unique-ids --bin examples/broken/unique-ids-random.ts --time-limit 10 --rate 1000',
  ],
  [
    /"duplicated-count":[1-9]/,
    '-w unique-ids --bin examples/broken/unique-ids-stored.ts --time-limit 10 --rate 500 --nemesis kill --nemesis-interval 0.3',
  ],
  [
    /"duplicated-count":[1-9]/,
    '-w unique-ids --bin examples/broken/unique-ids-blocks.ts --time-limit 10 --rate 200 --latency 5',
  ],
  [
    /"duplicated-count":[1-9]/,
    '-w unique-ids --bin examples/broken/unique-ids-clock.ts --time-limit 10 --rate 1000 --nemesis skew --nemesis-interval 0.5',
  ],
  [
    /"lost-count":[1-9]/,
    '-w broadcast --bin examples/broken/broadcast-tree.ts --time-limit 10 --rate 20 --latency 20',
  ],
  [
    /"lost-write"/,
    '-w kafka --bin examples/broken/kafka-owners.ts --time-limit 20 --concurrency 2n --rate 100 --nemesis partition --nemesis-interval 2',
  ],
  [
    /"incompatible-order"/,
    '-w txn-list-append --bin examples/broken/txn-thunk-missing.ts --time-limit 10 --concurrency 2n --rate 50',
  ],
  [/"G-single-item"/, `-w txn-rw-register --bin examples/broken/txn-rw-register-torn.ts ${WRITTEN_ONCE}`],
  [
    /"(unseen|lost-write)"/,
    '-w kafka --bin examples/broken/forgets-on-restart.ts --node-count 1 --time-limit 20 --concurrency 20n --rate 100 --nemesis kill --nemesis-interval 1',
  ],
  [
    /"lost-count":[1-9]/,
    '-w broadcast --bin examples/broken/trusts-delivery.ts --time-limit 20 --rate 20 --nemesis partition --nemesis-interval 2',
  ],
  [
    /"lost-count":[1-9]/,
    '-w broadcast --bin examples/broken/trusts-delivery.ts --time-limit 20 --rate 20 --nemesis loss --nemesis-interval 1',
  ],
  [
    /"final-reads"/,
    '-w g-counter --bin examples/broken/assumes-exactly-once.ts --time-limit 20 --rate 20 --nemesis duplicate --nemesis-interval 1',
  ],
  [
    /"final-reads"/,
    '-w g-counter --bin examples/broken/assumes-exactly-once.ts --time-limit 20 --rate 20 --nemesis loss --nemesis-interval 1',
  ],
  [
    /"analyzer":"linear"/,
    '-w lin-kv --bin examples/broken/raft-stale-reads.ts --time-limit 30 --concurrency 4n --rate 200 --nemesis partition --nemesis-interval 0.7',
  ],
  [
    // Sooner, because it is the leader that is cut off.
    /"analyzer":"linear"/,
    '-w lin-kv --bin examples/broken/raft-stale-reads.ts --time-limit 10 --concurrency 4n --rate 200 --nemesis partition --nemesis-interval 0.7 --nemesis-targets primary',
  ],
  [
    /"lost-update"/,
    '-w txn-list-append --bin examples/broken/txn-lost-update.ts --time-limit 10 --concurrency 2n --rate 50 --latency 10',
  ],
  [
    /"G-single-item-realtime"/,
    '-w txn-list-append --bin examples/broken/txn-saved-late.ts --node-count 1 --time-limit 20 --concurrency 4n --rate 400 ' +
      '--nemesis kill --nemesis-interval 1',
  ],
  [
    /"G1a"/,
    '-w txn-list-append --bin examples/broken/txn-dirty-read.ts --time-limit 10 --concurrency 2n --rate 50 --latency 10 ' +
      '--consistency-models read-committed',
  ],
  [
    /"G1b"/,
    '-w txn-rw-register --bin examples/txn-rw-register-uncommitted.ts --time-limit 10 --concurrency 2n --rate 100 ' +
      '--latency 100 --latency-dist exponential --consistency-models read-committed',
  ],
  [
    /"G2-item"/,
    '-w txn-list-append --bin examples/broken/txn-write-skew.ts --time-limit 20 --concurrency 2n --rate 50 --latency 10',
  ],
  [
    /poll-skip"/,
    '-w kafka --bin examples/broken/kafka-lost-message.ts --time-limit 20 --concurrency 4n --rate 200 --latency 20 --latency-dist exponential',
  ],
  [
    /"inconsistent-offsets"/,
    '-w kafka --bin examples/broken/kafka-offsets-reused.ts --time-limit 10 --concurrency 2n --rate 100 --latency 10',
  ],
  [
    /"analyzer":"linear"/,
    '-w lin-kv --bin examples/lin-kv.ts --time-limit 30 --concurrency 4n --rate 100 --nemesis duplicate --nemesis-interval 1',
  ],
];

/** With all the faults together, and with each alone. */
function casesOf({ command, bears }: CorrectProgram): readonly ProofCase[] {
  const mixes = bears.length === 1 ? [bears] : [bears, ...bears.map((fault) => [fault])];
  return mixes.map((faults, at) => ({
    command: `${command} --nemesis ${faults.join(',')} --nemesis-interval 1`,
    expected: 'valid',
    inSuite: at === 0,
  }));
}

export const PROOF_CASES: readonly ProofCase[] = [
  ...CORRECT.flatMap(casesOf),
  ...BROKEN.map(([expected, command]) => ({ command, expected, inSuite: true })),
];
