/** The part of a run that a story shows: messages with their weights, operations, and the period. */
import type { Saying } from '../text/saying.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import type { Absence } from './absence.ts';
import type { FollowedValues } from './values/followed-values.ts';

/** Weights of messages: lower ones matter more. Messages with the highest weight are dropped first if a story is too long. */
export const OWN = 0;
export const DECISIVE = 1;
export const HELPFUL = 2;
export const STATE = 3;

export interface Selection {
  /** Indexed by message id. */
  readonly weights: ReadonlyMap<number, number>;
  /** The operations in the story: those of the finding, and others whose requests had an influence. In order of invocation. */
  readonly operations: readonly StoryOperation[];
  readonly values: FollowedValues;
  /** Set for a value that was never sent to the node that lacks it. */
  readonly absence: Absence | undefined;
  /** Set for a value that the node which lacks it had received: a complete sentence. */
  readonly receipt: Saying | undefined;
  readonly startNanos: number;
  readonly endNanos: number;
  /** True if the story contains all operations of a small run; then it contains everything that went wrong in it as well. */
  readonly isOfAll: boolean;
}

/** True if no copy of the message arrived. */
export const isLost = ({ arrivals, losses }: StoryMessage): boolean =>
  arrivals.length === 0 && losses.length > 0;

/** True if a copy was lost, or the message was duplicated. */
export const isTroubled = ({ losses, copies }: StoryMessage): boolean => losses.length > 0 || copies > 0;
