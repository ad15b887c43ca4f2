/**
 * The file format of a verdict's proof, for `maelstrom check --certificate` and `maelstrom verify`.
 *
 * An operation is named by the line of its invocation in the history, counted from 0; by that of its completion if the
 * history has no invocation of it.
 */
import type { Json } from '../protocol/json.ts';

export type Certificate = {
  /** The version of the format. */
  readonly certificate: 1;
  /** The name of the model, as in `maelstrom check --model`. */
  readonly model: string;
  /** The model's options by name: `independent?`, `consistency-models`, `wfr-keys?`, ... */
  readonly options: { readonly [name: string]: Json };
  readonly 'valid?': boolean;
  readonly proof: Proof;
};

export type Proof =
  LinearizationProof | CoreProof | TextProof | OrderProof | CycleProof | CasesProof | AnomalyProof;

/** For a linearizable history: for each object an order in which its operations may have taken effect. */
export type LinearizationProof = {
  readonly kind: 'linearization';
  readonly objects: readonly { readonly order: readonly number[] }[];
};

/**
 * For a history that is not linearizable: operations of one object that have no order even by themselves, up to the
 * completion on line `until`. `linearizations.ts` says which operations may be left out.
 */
export type CoreProof = {
  readonly kind: 'core';
  readonly until: number;
  readonly operations: readonly number[];
};

/**
 * For a store of strings that is not linearizable: a get that shows what cannot have been there, whichever put came last
 * before it.
 */
export type TextProof = {
  readonly kind: 'text';
  readonly operation: number;
};

/** The orders that are respected in addition to that of the data: process order, or realtime order. */
export type Respects = 'none' | 'process' | 'realtime';

/**
 * For transactions: `serial`, an order in which they may have run serially; `commits`, one in which their writes may
 * have become visible; `snapshot`, the same with the moment of each snapshot, where `~17` is the snapshot of 17; `prefix`, the
 * same where others may write the same keys in between.
 *
 * `view`, `atomic` and `causal` are commit orders in which no read misses a write of a transaction seen before: by
 * earlier reads, by any read, or by any chain of reads.
 */
export type OrderProof = {
  readonly kind: 'serial' | 'snapshot' | 'prefix' | 'causal' | 'atomic' | 'view' | 'commits';
  readonly respects: Respects;
  readonly order: readonly (number | string)[];
};

/**
 * For transactions: each step's `from` must come before its `to`, which is the next step's `from`; the last `to` is the
 * first `from`.
 */
export type CycleProof = {
  readonly kind: 'cycle';
  readonly anomaly: string;
  readonly steps: readonly CycleStep[];
};

export type CycleStep = {
  readonly from: number;
  readonly to: number;
  readonly type: 'ww' | 'wr' | 'rw' | 'process' | 'realtime';
  /** For people: the key and the versions. */
  readonly says?: string;
};

/**
 * For transactions, two of which wrote a key: `before` shows that no order exists if `first` wrote before `second`,
 * `after` that none exists in the opposite case. Steps in either part may assume that order.
 */
export type CasesProof = {
  readonly kind: 'cases';
  readonly anomaly: string;
  readonly key: Json;
  readonly first: number;
  readonly second: number;
  readonly before: CycleProof | CasesProof;
  readonly after: CycleProof | CasesProof;
};

/** For transactions: those that show an anomaly without a cycle, first the reader, then the writer. */
export type AnomalyProof = {
  readonly kind: 'anomaly';
  readonly anomaly: string;
  readonly operations: readonly number[];
};

/** Thrown for a proof that fails; the message says where. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}
