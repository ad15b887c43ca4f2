/**
 * Types of messages that nodes send by themselves, such as heartbeats. Without recorded causes, a message counts as a consequence
 * of the last one that its sender had received. What a node also sends when nothing but the start of the run has reached it,
 * or usually long after a message, needs no request:
 *
 *     write 3 ──> n1 ── write_ok                                 answers come at once
 *                    ............ ── heartbeat ──> n2            no consequence of the write
 */
import { groupedBy } from '../../columns/groups.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { Selected } from './selected.ts';

/** A timer's messages come this many times later than answers to clients, and by this much. */
const TIMES_LATER = 4;
const LATER_NANOS = 2e6;
const FEWEST = 10;

export function timerTypes(selected: Selected): ReadonlySet<string> {
  const { messages, kindOf } = selected.facts;
  const originOf = ({ origin }: StoryMessage): StoryMessage | undefined =>
    origin === undefined ? undefined : messages.at(origin);
  const guessed = messages.all.filter(({ isGuessed, src }) => isGuessed && kindOf(src) === 'node');
  // The beginning may not be loaded.
  if (messages.skipped > 0 || guessed.length === 0) return new Set();
  const answerNanos = median(
    guessed.filter((message) => messages.isWithClient(message)).map((message) => sinceOrigin(message)),
  );
  const types = groupedBy(
    guessed.filter(
      (message) => selected.isBetweenNodes(message) && messages.requestOf(message.id) === undefined,
    ),
    ({ id }) => messages.typeOf(id),
  );
  return new Set([...types].flatMap(([type, sent]) => (isByTimer(sent) ? [type] : [])));

  function isByTimer(sent: readonly StoryMessage[]): boolean {
    const isFirst = sent.some((message) => {
      const origin = originOf(message);
      return origin === undefined || selected.isOfTheRun(origin);
    });
    const nanos = median(sent.map(sinceOrigin));
    return isFirst || (sent.length >= FEWEST && nanos > Math.max(LATER_NANOS, answerNanos * TIMES_LATER));
  }

  function sinceOrigin(message: StoryMessage): number {
    const arrivals = originOf(message)?.arrivals ?? [];
    return message.sentNanos - (arrivals.findLast((at) => at <= message.sentNanos) ?? -Infinity);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Infinity;
}
