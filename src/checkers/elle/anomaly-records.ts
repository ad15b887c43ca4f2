/**
 * What a result holds for each anomaly: which operations show it, and what about them. Records of one type stand in a list
 * under the name of the type.
 */
import type { Json } from '../../protocol/json.ts';
import type { StepEvidence } from './dependency-graph.ts';
import type { MicroOp, TransactionOp } from './transaction-log.ts';

/** The transactions of a cycle, the first once more at the end, and why each came before the next. */
export type CycleRecord<Operation = TransactionOp> = {
  readonly type: string;
  readonly cycle: readonly Operation[];
  readonly steps: readonly StepRecord<Operation>[];
};

/** In real time, what was over, and what began after it. */
export type StepRecord<Operation = TransactionOp> = StepEvidence & {
  readonly "a'"?: Operation;
  readonly b?: Operation;
};

/** Operations of which each came before the others, by some relations: themselves, or their indexes; some where they are many. */
export type CycleExistsRecord = {
  readonly type: string;
  readonly not: string;
  readonly subgraph: string;
  readonly 'scc-size': number;
  readonly scc: readonly (TransactionOp | number)[];
};

type Read = { readonly op: TransactionOp; readonly mop: MicroOp };

/** By type, those that need no cycle. */
export type PlainRecords = {
  readonly internal: Read & { readonly expected: Json };
  readonly 'future-read': Read & { readonly element: Json };
  readonly 'garbage-read': Read & { readonly element: Json };
  readonly G1a: Read & { readonly writer: TransactionOp; readonly element?: Json };
  /** `expected` where a transaction's appends are torn apart: `['...', before, element]`. */
  readonly G1b: Read & {
    readonly writer: TransactionOp;
    readonly element?: Json;
    readonly expected?: readonly Json[];
  };
  readonly 'dirty-update': {
    readonly key: Json;
    readonly values: readonly Json[];
    /** The one that failed, `...`, and the one that did not. */
    readonly txns: readonly (TransactionOp | string)[];
  };
  readonly 'lost-update': {
    readonly key: Json;
    readonly value: Json;
    readonly txns: readonly TransactionOp[];
  };
  readonly 'duplicate-elements': Read & { readonly duplicates: Readonly<Record<string, number>> };
  readonly 'incompatible-order': { readonly key: Json; readonly values: readonly (readonly Json[])[] };
  readonly 'cyclic-versions': {
    readonly key: Json;
    readonly scc: readonly Json[];
    readonly sources: readonly string[];
  };
};

/** The records of a type; types that are none of the plain ones are cycles. */
export type RecordOf<Type extends string> = Type extends keyof PlainRecords
  ? PlainRecords[Type]
  : CycleRecord | CycleExistsRecord;

export type AnomalyRecord = PlainRecords[keyof PlainRecords] | CycleRecord | CycleExistsRecord;
