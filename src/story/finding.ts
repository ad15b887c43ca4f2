/** A finding, with which a story ends: one violation, the operations that show it and the values to follow. */
import type { Json } from '../protocol/json.ts';

export interface Finding {
  /** Such as `Element 7 is lost`. */
  readonly title: string;
  /** Path of the evidence picture within the run's folder, without its extension. */
  readonly evidence?: string;
  /** Sentences of the last step. */
  readonly verdict: readonly string[];
  /** Numbers of the operations in the story, including the wrong one. */
  readonly operations: readonly number[];
  /** The operation that shows the violation, with which the story ends; undefined if no operation does. */
  readonly wrong: number | undefined;
  /** Names of transactions in the verdict, such as T1. */
  readonly names?: ReadonlyMap<number, string>;
  /** The operations that the verdict calls by their numbers. */
  readonly numbered?: ReadonlySet<number>;
  /** Sets of values: a message that contains all values of one set belongs to the story. */
  readonly values: readonly (readonly Json[])[];
  /** True if nodes compute with the values, so that messages contain their sums. */
  readonly areSummed?: boolean;
  /** True if a single node did something wrong by itself, such as a malformed reply, so that nothing else explains it. */
  readonly isOfOneNode?: boolean;
  /** True if the wrong operation may show an old state, so that it matters whether its node asked others. */
  readonly mayBeOld?: boolean;
  /** A message with one of these values and none of `values` is about something else, such as another log. */
  readonly beside?: readonly Json[];
  /** The value missing from the wrong operation. */
  readonly lacks?: Json;
  /** The write that the wrong operation misses. */
  readonly missed?: Missed | undefined;
  /** See `Reach`. */
  readonly reach: Reach;
  /** The node and the end of the story if there is no wrong operation. With `states` the node that made the difference. */
  readonly moment?: { readonly node: string; readonly timeNanos: number };
  /** If no single message is to blame: the period whose messages between nodes belong to the story. */
  readonly window?: {
    readonly fromNanos: number;
    readonly toNanos: number;
  };
  /** A sentence about invalid states of nodes, whose state changes become steps. */
  readonly aboutStates?: string;
  /** Relations between its operations, drawn if no messages are known. */
  readonly links?: readonly FindingLink[];
  /** A sentence about further violations. */
  readonly more?: string | undefined;
}

export interface Missed {
  readonly key: Json;
  readonly value: Json;
  /** The write in words: `c1's write of 5 to key 0`. */
  readonly what: string;
  /** The operation that wrote it. */
  readonly writer: number;
  /** The value that the wrong operation shows instead, if it is a single one. */
  readonly shown?: Json | undefined;
  /** The wrong operation within a sentence: `the read`. */
  readonly by: string;
}

/** A relation between two operations, by their numbers. */
export interface FindingLink {
  readonly from: number;
  readonly to: number;
  /** A label of a few characters. */
  readonly text: string;
}

/**
 * Which messages a story includes, besides the consequences of its operations:
 *
 *     value        the paths of the values to the node that should have shown them
 *     state        everything its node may have learned: elections, retries; repetitions are one step
 *     merges       the same, if the content of each message may matter
 *     states       everything any node may have learned
 *     operations   no others
 *     node         the last messages that a node received
 */
export type Reach = 'value' | 'state' | 'merges' | 'states' | 'operations' | 'node';
