/** The result of a check of logs: under the name of each kind of error how many there are, and some of them. */
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { OrNoVerdict, Validity } from '../checker.ts';
import type { CycleExistsRecord, CycleRecord } from '../elle/anomaly-records.ts';

/** Errors of single messages, and of messages met in the wrong order. */
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

/** The kinds of cycles, and the graph that has no edge at all. */
export type CycleErrorType =
  | `${'G0' | 'G1c' | 'G-single-item' | 'G-nonadjacent-item' | 'G2-item'}${'' | '-process' | '-realtime'}`
  | `${string}-cycle-exists`
  | 'empty-transaction-graph';

export type KafkaErrorType = MessageErrorType | CycleErrorType | 'unseen';

export type KafkaResult = OrNoVerdict<
  {
    readonly 'valid?': Validity;
    /** Seconds. */
    readonly 'worst-realtime-lag': {
      readonly time: number;
      readonly lag: number;
      readonly process: number | undefined;
      readonly key: Json | undefined;
    };
    readonly 'bad-error-types': readonly KafkaErrorType[];
    readonly 'error-types': readonly KafkaErrorType[];
    readonly 'info-txn-causes': readonly Json[] | undefined;
    readonly warnings?: readonly string[];
  } & Readonly<KafkaErrors>
>;

/** What was found, by kind. */
export type KafkaErrors = { unseen?: UnseenMessages } & { [Type in MessageErrorType]?: Found<KafkaError> } & {
  [Type in CycleErrorType]?: Found<KafkaCycle>;
};

export type Found<Error> = { readonly count: number; readonly errs: true | readonly Error[] };

/** By key how many messages no client polled, and some of them; `time` in nanoseconds. */
export type UnseenMessages = {
  readonly time: number;
  readonly unseen: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<string, readonly Json[]>>;
};

/** What is known of an error depends on its kind. */
export type KafkaError = {
  readonly key: Json;
  readonly value?: Json;
  readonly index?: number;
  readonly 'max-read-index'?: number;
  readonly offset?: Json;
  readonly offsets?: readonly Json[];
  readonly count?: number;
  /** How far apart two messages are that followed each other, and what stands between them. */
  readonly delta?: number;
  readonly values?: readonly Json[] | undefined;
  readonly skipped?: readonly Json[] | undefined;
  readonly writer?: Op;
  readonly reader?: Op;
  readonly 'max-read'?: Op;
  readonly op?: Op;
  readonly ops?: readonly Op[];
};

export type KafkaCycle = CycleRecord<Op> | CycleExistsRecord;
