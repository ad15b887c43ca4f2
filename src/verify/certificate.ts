/**
 * What a verdict's proof looks like as a file, for `maelstrom check --certificate` and `maelstrom verify`.
 *
 * An operation is named by the position of its invocation among the lines of the history, from 0; by that of its completion
 * where the history has no invocation of it.
 */
import type { Json } from '../protocol/json.ts';

export type Certificate = {
  /** The version of this format. */
  readonly certificate: 1;
  /** The name of the model, as `maelstrom check --model` takes it. */
  readonly model: string;
  /** The model's options, under their own names: `independent?`, `consistency-models`, `wfr-keys?`, ... */
  readonly options: { readonly [name: string]: Json };
  readonly 'valid?': boolean;
  readonly proof: Proof;
};

export type Proof = LinearizationProof | CoreProof | OrderProof | CycleProof | CasesProof | AnomalyProof;

/** Of a linearizable history: for each object an order in which its operations may have taken effect. */
export type LinearizationProof = {
  readonly kind: 'linearization';
  readonly objects: readonly { readonly order: readonly number[] }[];
};

/**
 * Of a history that is not linearizable: operations of one object that already have no order, those alone, up to the completion
 * on line `until`. What may be left out without making it easier is said in `linearizations.ts`.
 */
export type CoreProof = {
  readonly kind: 'core';
  readonly until: number;
  readonly operations: readonly number[];
};

/** Which orders beside that of the data are kept: that of each process, or of all that was over before other things began. */
export type Respects = 'none' | 'process' | 'realtime';

/**
 * Of transactions: `serial`, an order in which they may have run one after the other; `commits`, one in which their writes may
 * have become visible; `snapshot`, the same with a moment in which each took its snapshot: `~17` stands for the snapshot of 17.
 *
 * `view`, `atomic` and `causal` are orders of commits in which no read misses a write of a transaction that it has seen: by reads
 * before that one, by all reads, or by any number of reads.
 */
export type OrderProof = {
  readonly kind: 'serial' | 'snapshot' | 'causal' | 'atomic' | 'view' | 'commits';
  readonly respects: Respects;
  readonly order: readonly (number | string)[];
};

/** Of transactions: each step's `from` has to come before its `to`, which is the next one's `from`, and the last one's the first. */
export type CycleProof = {
  readonly kind: 'cycle';
  readonly anomaly: string;
  readonly steps: readonly CycleStep[];
};

export type CycleStep = {
  readonly from: number;
  readonly to: number;
  readonly type: 'ww' | 'wr' | 'rw' | 'process' | 'realtime';
  /** For people: on which key, and which versions. */
  readonly says?: string;
};

/**
 * Of transactions: two of them wrote a key. `before` shows that there is no order if `first` did so before `second`, `after` that there
 * is none if it was the other way round. In both, steps may follow from that.
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

/** Of transactions: those that show an anomaly which needs no cycle; first who read, then who wrote. */
export type AnomalyProof = {
  readonly kind: 'anomaly';
  readonly anomaly: string;
  readonly operations: readonly number[];
};

/** A proof that proves nothing; the message says where it fails. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}
