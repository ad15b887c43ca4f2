/**
 * The input of `decide`: transactions, the versions they wrote and read, and the known order.
 *
 * Holds only transactions that took effect, numbered from 0. The reads of a crashed transaction are unknown, so it has
 * none. Each version was written by one transaction, and a transaction leaves at most one version of a key.
 */

export interface KeyVersions {
  /** Indexed by version: the transaction that wrote it; -1 for version 0, the initial one. */
  readonly writers: readonly number[];
  /** Indexed by version: the other transactions that read it, each once. */
  readonly readers: readonly (readonly number[])[];
  /** Indexed by version: its direct predecessor as far as reads show it, or -1. */
  readonly parents: readonly number[];
  /**
   * Indexed by version: the version of the key that its writer had read, or -1. Under serializability and snapshot isolation
   * it is the direct predecessor.
   */
  readonly updated: readonly number[];
  /** For lists, indexed by version: what its writer saw beneath its own appends, or -1. */
  readonly beneath?: readonly number[];
}

/** Which transactions completed before others began, in epochs as in transaction-log.ts. */
export interface RealtimeOrder {
  readonly epochs: number;
  /** Indexed by transaction: the epoch in which it began. */
  readonly begins: readonly number[];
  /** Indexed by transaction: the epoch in which it completed, or -1. */
  readonly ends: readonly number[];
}

export interface VersionHistory {
  readonly transactions: number;
  readonly keys: readonly KeyVersions[];
  /** Pairs of consecutive transactions of one process. */
  readonly sessions: readonly (readonly [before: number, after: number])[];
  readonly realtime: RealtimeOrder | undefined;
  /** Indexed by transaction: a sort key for its completion, from which the guess starts. */
  readonly hints: readonly number[];
}

/**
 * What to decide: whether the transactions can have run serially, or each on a snapshot. `prefix` is the latter where
 * others may have written the same keys since the snapshot.
 */
export type Isolation = 'serial' | 'snapshot' | 'prefix';
