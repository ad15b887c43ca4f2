/**
 * The records that a result holds for each anomaly: which operations show it, and details. Records of one type are
 * listed under its name.
 */
import type { Json } from '../../protocol/json.ts';
import type { StepEvidence } from './graph/dependency-graph.ts';
import type { MicroOp, TransactionOp } from './transactions/transaction-log.ts';
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
export type NoOrderType = `no-${'serial' | 'snapshot' | 'prefix'}-order${'' | '-process' | '-realtime'}`;

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
  not: 'the model that is violated',
  cases: 'every possible order of the writes, each with its cycle',
} as const satisfies Meanings<NoOrderRecord>;

export const CASE_MEANINGS = {
  choices: 'the assumptions of this case: which of two writes of a key came first',
  cycle: 'the transactions; the first is repeated at the end',
  steps: 'why each transaction came before the next',
} as const satisfies Meanings<NoOrderCase>;

export const CHOICE_MEANINGS = {
  key: 'the key',
  value: 'the version that came first',
  "value'": 'the other version',
} as const satisfies Meanings<NoOrderCase['choices'][number]>;

export const STEP_MEANINGS = {
  type: 'the relation between the two transactions: `ww`, `wr`, `rw`, `process` or `realtime`',
  key: 'the key that both accessed',
  value: 'the version before the step; for `wr` the only version',
  "value'": 'the version after the step',
  'a-mop-index': 'the index, from 0, of the micro-operation in the earlier transaction',
  'b-mop-index': 'the index, from 0, of the micro-operation in the later transaction',
  process: 'the process that executed both in this order',
  "a'": 'for `realtime`: the completion of the earlier transaction',
  b: 'for `realtime`: the invocation of the later transaction',
  reader:
    'for `ww` inferred from a read: the transaction that read from the later one although it had seen the earlier one',
  'reader-mop-index': 'the index, from 0, of the micro-operation in the reader',
  saw: 'the steps by which the reader had seen the earlier one',
  through: 'the transactions between them',
} as const satisfies Meanings<StepRecord>;

/** For records of cycles, whether or not a cycle was found. */
export const CYCLE_MEANINGS = {
  type: 'the type of anomaly',
  cycle: 'the transactions; the first is repeated at the end',
  steps: 'why each transaction came before the next',
  not: 'the model that is violated',
  subgraph: 'the relations that form the cycle',
  'scc-size': 'number of transactions in the strongly connected component',
  scc: 'these transactions, or the indexes of their history entries; only some if there are many',
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
    /** If only the first of two transactions read the key: what the second wrote in between. */
    readonly element?: Json;
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
  mop: 'the micro-operation that shows it',
  expected: 'the value that it should have read',
  element: 'the wrong element',
  writer: 'the transaction that wrote it',
  key: 'the key',
  value: 'the version that all these transactions read',
  values: 'the versions, or the lists, that were read',
  txns: 'the transactions; `...` stands for omitted ones',
  duplicates: 'number of times each repeated element occurs in the list',
  scc: 'versions that form a cycle',
  sources: 'the rules from which their order was inferred',
} as const satisfies Meanings<PlainRecords[keyof PlainRecords]>;
