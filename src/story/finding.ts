/** What a story ends in: one thing that is wrong, with the operations that show it and the values to follow. */
import type { Json } from '../protocol/json.ts';

export interface Finding {
  /** Such as `Element 7 is lost`. */
  readonly title: string;
  /** The file of the picture of its evidence in the run's folder, without an ending. */
  readonly evidence?: string;
  /** What the last step says, in sentences of their own. */
  readonly verdict: readonly string[];
  /** The operations in the story, by their numbers, the wrong one among them. */
  readonly operations: readonly number[];
  /** The one that shows what is wrong: the story ends with it. Undefined where no operation does. */
  readonly wrong: number | undefined;
  /** What operations are called in the verdict, such as T1. */
  readonly names?: ReadonlyMap<number, string>;
  /** Sets of values: a message that holds all of one set belongs to the story. */
  readonly values: readonly (readonly Json[])[];
  /** What one node did wrong by itself, such as an answer in a wrong form: what else happened in the run is no reason. */
  readonly isOfOneNode?: boolean;
  /** A message that holds one of these, and none of `values`, is about something else, such as another log. */
  readonly beside?: readonly Json[];
  /** The value that the wrong operation should have shown and does not. */
  readonly lacks?: Json;
  /** See `Reach`. */
  readonly reach: Reach;
  /** Where and until when, if there is no wrong operation. With `states` it is the node that made the difference. */
  readonly place?: { readonly node: string; readonly timeNanos: number };
  /** Where no message by itself is to blame: what nodes sent each other in that time. */
  readonly window?: {
    readonly fromNanos: number;
    readonly toNanos: number;
  };
  /** What is wrong with the states of nodes, in a sentence that names these: their changes are steps. */
  readonly aboutStates?: string;
  /** How its operations belong together: drawn where no messages are known, which would show it. */
  readonly links?: readonly FindingLink[];
  /** What else is wrong, in a sentence. */
  readonly more?: string | undefined;
}

/** From one operation to another, by their numbers. */
export interface FindingLink {
  readonly from: number;
  readonly to: number;
  /** A few letters. */
  readonly text: string;
}

/**
 * How far back a story looks, beside what follows from its operations:
 *
 *     value        the ways of the values to the node that should have shown them
 *     state        all that its node can have known: elections, retries; repetitions are one step
 *     merges       the same, where each message may matter by its content
 *     states       all that any node can have known
 *     operations   no further
 *     place        the last that a node took in
 */
export type Reach = 'value' | 'state' | 'merges' | 'states' | 'operations' | 'place';
