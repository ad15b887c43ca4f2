/**
 * Message storms: executions in which nodes send many times as many messages as without deviations, because they answer each other
 * without end. Each of those messages may then be lost, doubled or late, so a few such executions take all the time.
 */
import type { MemoryJournal } from '../network/journal/memory-journal.ts';
import { messageType } from '../network/message-type.ts';

/** How many there were, and the one with the most messages. */
export interface Storms {
  readonly count: number;
  readonly worst?: Storm;
}

export interface Storm {
  readonly messages: number;
  /** The messages of the same course without deviations. */
  readonly calm: number;
  /** The most frequent types of the last messages, in the first storm of the process. */
  readonly types: readonly string[];
}

export const NO_STORMS: Storms = { count: 0 };

/** An execution with this many times the messages of the calm course. */
const TIMES = 20;
const AT_LEAST = 1_000;
/** The number of messages whose types are counted. */
const READ = 2_000;
/** A type that has less than this share of them is not named. */
const SHARE = 1 / 4;

export const isStorm = (messages: number, calm: number): boolean =>
  messages >= AT_LEAST && messages >= TIMES * calm;

export function moreStorms(one: Storms, other: Storms): Storms {
  const count = one.count + other.count;
  if (one.worst === undefined || other.worst === undefined) return { ...one, ...other, count };
  return { count, worst: one.worst.messages >= other.worst.messages ? one.worst : other.worst };
}

/** Returns the most frequent types of the last messages, the most frequent first. */
export function typesIn(journal: MemoryJournal): readonly string[] {
  const counts = new Map<string, number>();
  const first = Math.max(0, journal.messageCount - READ);
  for (let id = first; id < journal.messageCount; id++) {
    const type = messageType(journal.message(id).body);
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const least = SHARE * (journal.messageCount - first);
  return [...counts]
    .filter(([, count]) => count >= least)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type]) => type);
}
