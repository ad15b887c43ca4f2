/**
 * Happens-before (Lamport): a message is in the past of a moment at an endpoint if it arrived there earlier, or arrived at an
 * endpoint that later sent a message of that past.
 */
import type { StoryMessage } from '../../facts/story-messages.ts';

export interface Moment {
  readonly endpoint: string;
  readonly timeNanos: number;
}

/** Returns the ids of arrived messages in the past of one of the moments. `messages` must be in order of sending. */
export function pastOf(messages: readonly StoryMessage[], moments: readonly Moment[]): ReadonlySet<number> {
  const before = new Map<string, number>();
  const extend = (endpoint: string, timeNanos: number): void => {
    before.set(endpoint, Math.max(timeNanos, before.get(endpoint) ?? -Infinity));
  };
  for (const { endpoint, timeNanos } of moments) extend(endpoint, timeNanos);
  const past = new Set<number>();
  // A message enters the past through one sent after its arrival, which this loop has already visited.
  for (const { id, src, dest, sentNanos, arrivals } of messages.toReversed()) {
    const [first = Infinity] = arrivals;
    if (first > (before.get(dest) ?? -Infinity)) continue;
    past.add(id);
    extend(src, sentNanos);
  }
  return past;
}
