/**
 * What deciding starts from: transactions, the versions that they wrote and read, and the order that is known beside it.
 *
 * Only transactions that took effect are here, numbered from 0. What a crashed one had read is unknown, so it has no reads. Each
 * version was written by one transaction, and a transaction leaves at most one version of a key.
 */

export interface KeyVersions {
  /** By version: the transaction that wrote it. Version 0 is the initial one, of which this is -1. */
  readonly writers: readonly number[];
  /** By version: the transactions that read it from others, each once. */
  readonly readers: readonly (readonly number[])[];
  /**
   * By version: the one that comes directly before it, or -1. Who reads a version and writes the next one puts it there, under
   * serializability and under snapshot isolation.
   */
  readonly parents: readonly number[];
}

/** Which transactions were over before others began: in epochs, as transaction-log.ts has them. */
export interface RealtimeOrder {
  readonly epochs: number;
  /** By transaction: in which epoch it began. */
  readonly begins: readonly number[];
  /** By transaction: in which epoch it was over, or -1. */
  readonly ends: readonly number[];
}

export interface VersionHistory {
  readonly transactions: number;
  readonly keys: readonly KeyVersions[];
  /** Pairs: what a process did, and what it did next. */
  readonly sessions: readonly (readonly [before: number, after: number])[];
  readonly realtime: RealtimeOrder | undefined;
  /** By transaction: when it was over, as a number to sort by. A guess starts from it. */
  readonly hints: readonly number[];
}

/** What is to be decided: whether they may have run one after the other, or each on a snapshot. */
export type Isolation = 'serial' | 'snapshot';
