/**
 * The records that a result holds for each anomaly: which operations show it, and details. Records of one type are
 * listed under its name.
 */
import type { Json } from '../../protocol/json.ts';
import type { StepEvidence } from './dependency-graph.ts';
import type { MicroOp, TransactionOp } from './transaction-log.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** The transactions of a cycle, the first repeated at the end, and why each came before the next. */
export type CycleRecord<Operation = TransactionOp> = {
  readonly type: string;
  readonly cycle: readonly Operation[];
  readonly steps: readonly StepRecord<Operation>[];
};

/**
 * Evidence for one step. For realtime: the completion, and the invocation that followed. For writes whose order a read
 * forces: the transaction that read from the later one although it had seen the earlier one, and how it had seen it.
 */
export type StepRecord<Operation = TransactionOp> = StepEvidence & {
  readonly "a'"?: Operation;
  readonly b?: Operation;
  readonly reader?: Operation;
  readonly 'reader-mop-index'?: number;
  readonly saw?: readonly StepEvidence[];
  readonly through?: readonly Operation[];
};

/**
 * Operations that each came before the others by some relations: the operations or their indexes, and only some of them
 * if many.
 */
export type CycleExistsRecord = {
  readonly type: string;
  readonly not: string;
  readonly subgraph: string;
  readonly 'scc-size': number;
  readonly scc: readonly (TransactionOp | number)[];
};

/** Anomalies that only deciding shows: no order of all transactions is possible. */
export type NoOrderType = `no-${'serial' | 'snapshot'}-order${'' | '-process' | '-realtime'}`;

/**
 * Why no order of all transactions is possible: the cases of a choice, and of choices within it. Every case ends in a
 * cycle.
 */
export type NoOrderRecord<Operation = TransactionOp> = {
  readonly type: string;
  readonly not: string;
  readonly cases: readonly NoOrderCase<Operation>[];
};

export type NoOrderCase<Operation = TransactionOp> = {
  /** The assumptions: for each two writes of a key, which came first. */
  readonly choices: readonly { readonly key: Json; readonly value: Json; readonly "value'": Json }[];
  readonly cycle: readonly Operation[];
  readonly steps: readonly StepRecord<Operation>[];
};

export const NO_ORDER_MEANINGS = {
  type: 'the type of anomaly',
  not: 'the model that is broken',
  cases: 'every way in which writes may have come first, each with its cycle',
} as const satisfies Meanings<NoOrderRecord>;

export const CASE_MEANINGS = {
  choices: 'what is assumed in this case: of two writes of a key, which came first',
  cycle: 'the transactions, the first once more at the end',
  steps: 'why each came before the next',
} as const satisfies Meanings<NoOrderCase>;

export const CHOICE_MEANINGS = {
  key: 'the key',
  value: 'the version that came first',
  "value'": 'the other one',
} as const satisfies Meanings<NoOrderCase['choices'][number]>;

export const STEP_MEANINGS = {
  type: 'why the one transaction came before the other: `ww`, `wr`, `rw`, `process` or `realtime`',
  key: 'the key on which they met',
  value: 'the version before the step; of `wr` the one version',
  "value'": 'the version after it',
  'a-mop-index': 'which micro-operation of the earlier transaction shows it, from 0',
  'b-mop-index': 'which micro-operation of the later one',
  process: 'the process that did one after the other',
  "a'": 'in real time, the entry with which the earlier one was over',
  b: 'in real time, the entry with which the later one began',
  reader:
    'of `ww` that a read forces: the transaction that read from the later one, although it had seen the earlier one',
  'reader-mop-index': 'which micro-operation of the reader shows it',
  saw: 'the steps by which the reader had seen the earlier one',
  through: 'the transactions between them',
} as const satisfies Meanings<StepRecord>;

/** For records of cycles, whether or not a cycle was found. */
export const CYCLE_MEANINGS = {
  type: 'the type of anomaly',
  cycle: 'the transactions, the first once more at the end',
  steps: 'why each came before the next',
  not: 'the model that is broken',
  subgraph: 'the relations by which each came before the others',
  'scc-size': 'how many transactions there are of which each came before all others',
  scc: 'these transactions, or the indexes of their entries; some where they are many',
} as const satisfies Meanings<CycleRecord | CycleExistsRecord>;

type Read = { readonly op: TransactionOp; readonly mop: MicroOp };

/** Records that need no cycle, by type. */
export type PlainRecords = {
  readonly internal: Read & { readonly expected: Json };
  readonly 'own-write-missed': Read & { readonly expected: Json };
  readonly 'future-read': Read & { readonly element: Json };
  readonly 'garbage-read': Read & { readonly element: Json };
  readonly G1a: Read & { readonly writer: TransactionOp; readonly element?: Json };
  /** `expected` is `['...', before, element]` if a transaction's appends are torn apart. */
  readonly G1b: Read & {
    readonly writer: TransactionOp;
    readonly element?: Json;
    readonly expected?: readonly Json[];
  };
  readonly 'dirty-update': {
    readonly key: Json;
    readonly values: readonly Json[];
    /** The failed transaction, `...`, and the successful one. */
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

/** The records of a type. Types other than the plain ones are cycles. */
export type RecordOf<Type extends string> = Type extends keyof PlainRecords
  ? PlainRecords[Type]
  : CycleRecord | CycleExistsRecord | NoOrderRecord;

export type AnomalyRecord =
  PlainRecords[keyof PlainRecords] | CycleRecord | CycleExistsRecord | NoOrderRecord;

/** For plain records; which of these fields a record has depends on its type. */
export const PLAIN_MEANINGS = {
  op: 'the transaction that shows it',
  mop: 'its micro-operation',
  expected: 'what it should have read',
  element: 'the element that is wrong',
  writer: 'the transaction that wrote it',
  key: 'the key',
  value: 'the version that all of them read',
  values: 'the versions, or the lists that were read',
  txns: 'the transactions; `...` stands for others between them',
  duplicates: 'how often each of the elements stands in the list',
  scc: 'versions of which each came before the others',
  sources: 'from what their order follows',
} as const satisfies Meanings<PlainRecords[keyof PlainRecords]>;
