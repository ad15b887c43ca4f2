/** The broken examples, in which a search must find something, with what it needs to know. */
import type { TestSpec } from '../../src/run/test-spec.ts';

export interface BrokenExample {
  readonly workload: string;
  /** Path below examples/. */
  readonly program: string;
  /** Set if it is a program for one node. */
  readonly isAlone?: true;
  /** Settings that define correctness. */
  readonly settings?: Partial<TestSpec>;
}

const READ_COMMITTED: Partial<TestSpec> = { consistencyModels: ['read-committed'] };

export const BROKEN_EXAMPLES: readonly BrokenExample[] = [
  { workload: 'echo', program: 'broken/echo.ts' },
  { workload: 'unique-ids', program: 'broken/unique-ids.ts' },
  { workload: 'broadcast', program: 'broken/broadcast.ts' },
  { workload: 'g-set', program: 'broken/g-set.ts' },
  { workload: 'g-counter', program: 'broken/g-counter.ts' },
  { workload: 'pn-counter', program: 'broken/pn-counter.ts' },
  { workload: 'kafka', program: 'broken/forgets-on-restart.ts', isAlone: true },
  { workload: 'broadcast', program: 'broken/trusts-delivery.ts' },
  { workload: 'g-counter', program: 'broken/assumes-exactly-once.ts' },
  { workload: 'lin-kv', program: 'broken/raft-stale-reads.ts' },
  { workload: 'txn-list-append', program: 'broken/txn-lost-update.ts' },
  { workload: 'txn-list-append', program: 'broken/txn-saved-late.ts', isAlone: true },
  { workload: 'txn-list-append', program: 'broken/txn-dirty-read.ts', settings: READ_COMMITTED },
  { workload: 'txn-rw-register', program: 'txn-rw-register-uncommitted.ts', settings: READ_COMMITTED },
  { workload: 'txn-list-append', program: 'broken/txn-write-skew.ts' },
  { workload: 'kafka', program: 'broken/kafka-lost-message.ts' },
  { workload: 'kafka', program: 'broken/kafka-offsets-reused.ts' },
  { workload: 'lin-kv', program: 'lin-kv.ts' },
];
