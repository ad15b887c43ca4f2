/**
 * The causes and effects of a message, over a journal. If its origin is known, that is the only edge leading to it;
 * otherwise everything that happened before counts (Lamport 1978), which may be more:
 *
 *     n1 --m--> n2          m reaches n2: m may have caused whatever n2 sends afterwards,
 *               n2 --k--> n3        unless n2 has said which message k follows from
 *
 * Messages are ordered by sending. The future is computed forwards, with the arrivals of caused messages in a heap; the
 * past backwards without a heap, since what made a message part of the past was sent after it arrived.
 *
 * A journal is a file, and may use numbers of endpoints without a name: messages do not reach those.
 */
import { present } from '../../columns/present.ts';
import { Heap } from '../../columns/heap.ts';
import { RECEIVED } from '../messages/message-flags.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { FOLLOWS_UNKNOWN, type MessageOrigins } from '../messages/message-origins.ts';

/** Returns 1 for the message itself and for every message it may have caused. */
export function futureOf(columns: MessageColumns, origins: MessageOrigins, id: number): Uint8Array {
  const { sent, end, src, dest, messageCount } = columns;
  const marks = new Uint8Array(messageCount);
  marks[id] = 1;
  const reached = new Float64Array(columns.names.length).fill(Number.POSITIVE_INFINITY);
  const heap = new Heap(end);
  if (!Number.isNaN(end[id])) heap.push(id);
  for (let next = id + 1; next < messageCount; next++) {
    const time = present(sent[next]);
    for (let { first } = heap; first !== undefined && present(end[first]) <= time; first = heap.first) {
      heap.pop();
      const at = present(dest[first]);
      // A lost message reached no endpoint.
      if (isReceived(columns, first) && present(end[first]) < (reached[at] ?? -Infinity))
        reached[at] = present(end[first]);
    }
    const origin = origins.of(next);
    const isCaused =
      origin === FOLLOWS_UNKNOWN ? (reached[present(src[next])] ?? Infinity) <= time : marks[origin] === 1;
    if (!isCaused) continue;
    marks[next] = 1;
    if (!Number.isNaN(end[next])) heap.push(next);
  }
  return marks;
}

/** Returns 1 for the message itself and for every message that may have led to it. */
export function pastOf(columns: MessageColumns, origins: MessageOrigins, id: number): Uint8Array {
  const { sent, end, src, dest, messageCount } = columns;
  const marks = new Uint8Array(messageCount);
  const before = new Float64Array(columns.names.length).fill(-Infinity);
  marks[id] = 1;
  for (let at = id; at >= 0; at--) {
    const isPast =
      marks[at] === 1 ||
      (present(end[at]) <= (before[present(dest[at])] ?? -Infinity) && isReceived(columns, at));
    if (!isPast) continue;
    marks[at] = 1;
    const origin = origins.of(at);
    if (origin >= 0) marks[origin] = 1;
    const from = present(src[at]);
    if (origin === FOLLOWS_UNKNOWN && present(sent[at]) > (before[from] ?? Infinity))
      before[from] = present(sent[at]);
  }
  return marks;
}

function isReceived({ flags }: MessageColumns, id: number): boolean {
  return (present(flags[id]) & RECEIVED) !== 0;
}
