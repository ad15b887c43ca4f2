/**
 * What came before, after Lamport: a message belongs to the past of a moment at an endpoint when it arrived there before, or
 * at an endpoint from which a message of the past was sent later.
 */
import type { StoryMessage } from './story-messages.ts';

export interface Moment {
  readonly place: string;
  readonly timeNanos: number;
}

/** Those of `messages`, which are in the order of sending, that arrived and are in the past of one of the moments. */
export function pastOf(messages: readonly StoryMessage[], moments: readonly Moment[]): ReadonlySet<number> {
  const before = new Map<string, number>();
  const extend = (place: string, timeNanos: number): void => {
    before.set(place, Math.max(timeNanos, before.get(place) ?? -Infinity));
  };
  for (const { place, timeNanos } of moments) extend(place, timeNanos);
  const past = new Set<number>();
  // What made a message part of the past was sent after it arrived, so it has been met before.
  for (const { id, src, dest, sentNanos, arrivals } of messages.toReversed()) {
    const [first = Infinity] = arrivals;
    if (first > (before.get(dest) ?? -Infinity)) continue;
    past.add(id);
    extend(src, sentNanos);
  }
  return past;
}
