/**
 * The Gossip Glomers challenges of Fly.io (https://fly.io/dist-sys/): the test that each of them names, and its limits.
 * The page of a challenge is at this address followed by its name: https://fly.io/dist-sys/3d/.
 */
import { oneOf } from '../../harness/settings/one-of.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Assignment } from '../grading/assignment.ts';

const TRANSACTIONS = '-w txn-rw-register --concurrency 2n --time-limit 20 --rate 1000';
/** Without latency, messages that a node sends one after another arrive together, as if they were one. */
const SLOWER = '--rate 100 --time-limit 10 --latency 10 --latency-dist exponential';
const MANY = '-w broadcast --node-count 25 --time-limit 20 --rate 100 --latency 100';

export const CHALLENGES: readonly Assignment[] = [
  {
    name: '1',
    title: 'echo',
    tests: ['-w echo --node-count 1 --time-limit 10'],
    limits: {},
    reading: 'docs/challenges.md#1-echo, then docs/writing-nodes.md',
  },
  {
    name: '2',
    title: 'unique ids',
    tests: [
      '-w unique-ids --time-limit 30 --rate 1000 --node-count 3 --availability total --nemesis partition',
    ],
    limits: {},
    reading: 'docs/challenges.md#2-unique-ids, then examples/unique-ids.ts',
  },
  {
    name: '3a',
    title: 'broadcast, one node',
    tests: ['-w broadcast --node-count 1 --time-limit 20 --rate 10'],
    limits: {},
    reading: 'docs/challenges.md#3a-broadcast-one-node, then docs/workloads.md',
  },
  {
    name: '3b',
    title: 'broadcast, five nodes',
    tests: ['-w broadcast --node-count 5 --time-limit 20 --rate 10'],
    limits: {},
    reading: 'docs/challenges.md#3b-broadcast-five-nodes, then examples/broadcast.ts',
  },
  {
    name: '3c',
    title: 'broadcast, partitions',
    tests: ['-w broadcast --node-count 5 --time-limit 20 --rate 10 --nemesis partition'],
    limits: {},
    reading: 'docs/challenges.md#3c-broadcast-with-partitions, then examples/broadcast.ts',
  },
  {
    name: '3d',
    title: 'broadcast, efficient',
    tests: [MANY],
    limits: { messagesPerOperation: 30, medianMs: 400, maximumMs: 600 },
    reading: 'docs/challenges.md#3d-broadcast-efficient, then examples/broadcast-tree.ts',
  },
  {
    name: '3e',
    title: 'broadcast, more efficient',
    tests: [MANY],
    limits: { messagesPerOperation: 20, medianMs: 1000, maximumMs: 2000 },
    reading: 'docs/challenges.md#3e-broadcast-more-efficient, then examples/broadcast-tree.ts',
  },
  {
    name: '4',
    title: 'grow-only counter',
    tests: ['-w g-counter --node-count 3 --rate 100 --time-limit 20 --nemesis partition'],
    limits: {},
    reading: 'docs/challenges.md#4-a-counter, then examples/g-counter-seq-kv.ts',
  },
  {
    name: '5a',
    title: 'kafka, one node',
    tests: ['-w kafka --node-count 1 --concurrency 2n --time-limit 20 --rate 1000'],
    limits: {},
    reading: 'docs/challenges.md#5a-a-log-one-node, then examples/kafka.ts',
  },
  {
    name: '5b',
    title: 'kafka, two nodes',
    tests: ['-w kafka --node-count 2 --concurrency 2n --time-limit 20 --rate 1000'],
    limits: {},
    reading: 'docs/challenges.md#5b-a-log-two-nodes, then examples/kafka-lin-kv.ts',
  },
  {
    name: '5c',
    title: 'kafka, efficient',
    tests: ['-w kafka --node-count 2 --concurrency 2n --time-limit 20 --rate 1000'],
    limits: {},
    reading: 'docs/challenges.md#5c-a-log-efficient, then examples/kafka-owners.ts',
  },
  {
    name: '6a',
    title: 'transactions, one node',
    tests: [`${TRANSACTIONS} --node-count 1 --consistency-models read-uncommitted --availability total`],
    limits: {},
    reading: 'docs/challenges.md#6a-transactions-one-node, then examples/txn-rw-register-uncommitted.ts',
  },
  {
    name: '6b',
    title: 'read uncommitted',
    tests: [
      `${TRANSACTIONS} --node-count 2 --consistency-models read-uncommitted`,
      `${TRANSACTIONS} --node-count 2 --consistency-models read-uncommitted --availability total --nemesis partition`,
    ],
    limits: {},
    further: SLOWER,
    reading: 'docs/challenges.md#6b-read-uncommitted, then examples/txn-rw-register-uncommitted.ts',
  },
  {
    name: '6c',
    title: 'read committed',
    tests: [
      `${TRANSACTIONS} --node-count 2 --consistency-models read-committed --availability total --nemesis partition`,
    ],
    limits: {},
    further: SLOWER,
    reading: 'docs/challenges.md#6c-read-committed, then examples/txn-rw-register.ts',
  },
];

/**
 * Returns the challenges with these names, in the order of `CHALLENGES`; `3` stands for all whose names begin with it.
 * Throws a UserError for any other name.
 */
export function challengesNamed(words: readonly string[], option: string): readonly Assignment[] {
  const names = CHALLENGES.map(({ name }) => name);
  const wanted = words
    .flatMap((list) => list.split(','))
    .flatMap((word) => {
      const name = word.trim().toLowerCase();
      if (name === '') return [];
      const parts = /^\d$/.test(name) ? names.filter((one) => one.startsWith(name)) : [];
      return parts.length > 0 ? parts : [oneOf(name, names, { option, kind: 'challenge' })];
    });
  if (wanted.length === 0)
    throw new UserError(
      'No challenge was named.',
      `There are: ${names.join(', ')}; 3 stands for all of 3a to 3e.`,
    );
  return CHALLENGES.filter(({ name }) => wanted.includes(name));
}
