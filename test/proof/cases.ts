/**
 * The proof that faults bite and checkers see: what is right stays valid under every fault its workload can bear, what is
 * wrong is found, whatever the seed.
 */

export interface ProofCase {
  /** What stands behind `./maelstrom test`; run with `--simulate` and a seed. */
  readonly command: string;
  /** Nothing is wrong, or what the results of the workload, as JSON, must say. */
  readonly expected: 'valid' | RegExp;
}

const valid = (command: string): ProofCase => ({ command, expected: 'valid' });
const finds = (expected: RegExp, command: string): ProofCase => ({ command, expected });

export const PROOF_CASES: readonly ProofCase[] = [
  valid('-w lin-kv --bin examples/lin-kv.ts --time-limit 20 --concurrency 2n --rate 50 --nemesis partition'),
  valid(
    '-w lin-kv --bin examples/raft --time-limit 20 --concurrency 2n --rate 50 --latency 10 --nemesis partition --nemesis-interval 3',
  ),
  valid('-w kafka --bin examples/kafka.ts --node-count 1 --time-limit 20 --concurrency 4n --rate 100'),
  valid(
    '-w kafka --bin examples/kafka-lin-kv.ts --time-limit 20 --concurrency 2n --rate 100 --nemesis partition',
  ),
  valid(
    '-w txn-list-append --bin examples/txn-list-append.ts --node-count 1 --time-limit 20 --concurrency 4n --rate 100',
  ),
  valid(
    '-w txn-list-append --bin examples/txn-list-append-lin-kv.ts --time-limit 20 --concurrency 2n --rate 100 --nemesis partition',
  ),
  valid(
    '-w txn-rw-register --bin examples/txn-rw-register.ts --time-limit 20 --concurrency 2n --rate 100 --latency 50 ' +
      '--availability total --nemesis partition --consistency-models read-committed',
  ),
  valid(
    '-w txn-rw-register --bin examples/txn-rw-register-uncommitted.ts --time-limit 20 --concurrency 2n --rate 100 ' +
      '--latency 100 --latency-dist exponential --nemesis partition --consistency-models read-uncommitted',
  ),

  finds(
    /"G1b"/,
    '-w txn-rw-register --bin examples/txn-rw-register-uncommitted.ts --time-limit 20 --concurrency 2n --rate 100 ' +
      '--latency 100 --latency-dist exponential --consistency-models read-committed',
  ),
  finds(
    /"lost-count":[1-9]/,
    '-w broadcast --bin examples/broken/trusts-delivery.ts --time-limit 20 --rate 20 --nemesis partition --nemesis-interval 3',
  ),
  finds(
    /"final-reads"/,
    '-w g-counter --bin examples/broken/assumes-exactly-once.ts --time-limit 30 --rate 20 --latency 100 --nemesis partition --nemesis-interval 2',
  ),
  finds(
    /cannot be linearized/,
    '-w lin-kv --bin examples/broken/raft-stale-reads.ts --time-limit 30 --concurrency 4n --rate 100 --nemesis partition --nemesis-interval 3',
  ),
  finds(
    /"lost-update"/,
    '-w txn-list-append --bin examples/broken/txn-lost-update.ts --time-limit 20 --concurrency 2n --rate 100',
  ),
  finds(
    /"G1a"/,
    '-w txn-list-append --bin examples/broken/txn-dirty-read.ts --time-limit 20 --concurrency 2n --rate 100',
  ),
  finds(
    /"G2-item"/,
    '-w txn-list-append --bin examples/broken/txn-write-skew.ts --time-limit 20 --concurrency 2n --rate 100 --latency 10',
  ),
  finds(
    /"poll-skip"/,
    '-w kafka --bin examples/broken/kafka-lost-message.ts --time-limit 20 --concurrency 2n --rate 100 --latency 10',
  ),
  finds(
    /"inconsistent-offsets"/,
    '-w kafka --bin examples/broken/kafka-offsets-reused.ts --time-limit 20 --concurrency 2n --rate 100',
  ),
];
