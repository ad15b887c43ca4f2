/** The result of a check of logs: for each kind of error its count, and some examples. */
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { OrNoVerdict, Validity } from '../checker.ts';
import type { CycleExistsRecord, CycleRecord } from '../elle/anomaly-records.ts';
import type { Meaning, Meanings } from '../../protocol/key-meaning.ts';

/** Errors about single messages, and about messages met in the wrong order. */
export type MessageErrorType =
  | 'inconsistent-offsets'
  | 'duplicate'
  | 'G1a'
  | 'garbage-read'
  | 'precommitted-read'
  | 'lost-write'
  | 'int-poll-skip'
  | 'int-nonmonotonic-poll'
  | 'int-send-skip'
  | 'int-nonmonotonic-send'
  | 'poll-skip'
  | 'nonmonotonic-poll'
  | 'nonmonotonic-send';

/** The kinds of cycles, and the graph without any edge. */
export type CycleErrorType =
  | `${'G0' | 'G1c' | 'G-single-item' | 'G-nonadjacent-item' | 'G2-item'}${'' | '-process' | '-realtime'}`
  | `${string}-cycle-exists`
  | 'empty-transaction-graph';

export type KafkaErrorType = MessageErrorType | CycleErrorType | 'unseen';

export type KafkaResult = OrNoVerdict<
  {
    readonly 'valid?': Validity;
    /** Times in seconds. */
    readonly 'worst-realtime-lag': {
      readonly time: number;
      readonly process: number | undefined;
      readonly key: Json | undefined;
      readonly lag: number;
    };
    readonly 'bad-error-types': readonly KafkaErrorType[];
    readonly 'error-types': readonly KafkaErrorType[];
    readonly 'info-txn-causes': readonly Json[];
    readonly warnings?: readonly string[];
  } & Readonly<KafkaErrors>
>;

/** In addition to these, each type of error that was found is a key. */
export const KAFKA_MEANINGS = {
  'worst-realtime-lag': 'the largest lag of a poller behind the newest messages',
  'bad-error-types': 'the types of [errors](anomalies.md#logs) that make the run invalid',
  'error-types': 'all types found, including allowed ones',
  'info-txn-causes': 'why operations are in doubt',
  unseen: 'acknowledged messages that no client had polled when the run ended',
} as const satisfies Meanings<
  Pick<
    Extract<KafkaResult, { readonly 'bad-error-types': unknown }>,
    'worst-realtime-lag' | 'bad-error-types' | 'error-types' | 'info-txn-causes' | 'unseen'
  >
>;

export const LAG_MEANINGS = {
  time: { unit: 's', meaning: 'when it occurred, in run time' },
  lag: { unit: 's', meaning: 'how long there had been messages that it had not polled' },
  process: 'the process that polled',
  key: 'the log',
} as const satisfies Record<string, Meaning>;

export const FOUND_MEANINGS = {
  count: 'number of errors',
  errs: 'the first errors; `true` if the error concerns the whole history',
} as const satisfies Meanings<Found<KafkaError>>;

/** Errors by kind. */
export type KafkaErrors = { unseen?: UnseenMessages } & { [Type in MessageErrorType]?: Found<KafkaError> } & {
  [Type in CycleErrorType]?: Found<KafkaCycle>;
};

export type Found<Error> = { readonly count: number; readonly errs: true | readonly Error[] };

/** By key: the number of messages that no client polled, and some of them. `time` is in nanoseconds. */
export type UnseenMessages = {
  readonly time: number;
  readonly unseen: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, readonly Json[]>>;
};

export const UNSEEN_MEANINGS = {
  time: { unit: 'ns', meaning: 'when the last operation succeeded, in run time' },
  unseen: 'for each log, number of messages that no client polled',
  messages: 'for each log, some of these messages',
} as const satisfies Meanings<UnseenMessages>;

/** Which fields an error has depends on its kind. */
export type KafkaError = {
  readonly key: Json;
  readonly value?: Json;
  readonly index?: number;
  readonly 'max-read-index'?: number;
  readonly offset?: Json;
  readonly offsets?: readonly Json[];
  readonly count?: number;
  /** The distance in the log between two messages that followed each other, and the messages between them. */
  readonly delta?: number;
  readonly values?: readonly Json[] | undefined;
  readonly skipped?: readonly Json[] | undefined;
  readonly writer?: Op;
  readonly reader?: Op;
  readonly 'max-read'?: Op;
  readonly op?: Op;
  readonly ops?: readonly Op[];
};

export const KAFKA_ERROR_MEANINGS = {
  key: 'the log',
  value: 'the message',
  index: 'its index in the log, counted without gaps from 0',
  'max-read-index': 'the highest index that any poll reached',
  offset: 'the offset that held different messages',
  offsets: 'the offsets at which the message is found',
  count: 'number of these offsets or messages',
  delta: 'the distance in the log between two consecutive messages: 1 is correct, less than 1 goes backwards',
  values: 'the messages',
  skipped: 'messages between them in the log',
  writer: 'the operation that sent the message',
  reader: 'an operation that polled it',
  'max-read': 'an operation that polled up to that index',
  op: 'the operation',
  ops: 'the operations, in order',
} as const satisfies Meanings<KafkaError>;

export type KafkaCycle = CycleRecord<Op> | CycleExistsRecord;
