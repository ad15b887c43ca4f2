/**
 * The bars of a waterfall: for each row of a followed request the way there, the handling, and the way back. Without a reply,
 * the handling ends with the last message known to have been sent during it.
 *
 *     ├──▇▇▇▇▇▇▇──┤   there, handled, back        ├┄┄✕ ░░░░░░   lost, and waited for in vain
 */
import type { RequestRow, RequestTree } from '../../../src/recording/views.ts';
import { isLost } from './row-words.ts';

export interface Bar {
  readonly kind: 'way' | 'lost-way' | 'handling' | 'waiting';
  /** Fractions of the request's whole duration, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export function barsOf({ rows, from, to }: RequestTree): readonly (readonly Bar[])[] {
  const scale = 1 / Math.max(1, to - from);
  const lastSent = new Map<number, number>();
  for (const { parent, byTimer, message } of rows)
    if (!byTimer) lastSent.set(parent, Math.max(message.sent, lastSent.get(parent) ?? -Infinity));
  return rows.map((row, at) => {
    const { message, reply, waitedUntil } = row;
    const bars: Bar[] = [];
    const bar = (kind: Bar['kind'], start: number, end: number): void =>
      void bars.push({ kind, from: (start - from) * scale, to: (end - from) * scale });
    if (waitedUntil !== undefined) bar('waiting', message.sent, waitedUntil);
    if (message.end !== null) bar(isLost(message) ? 'lost-way' : 'way', message.sent, message.end);
    if (message.end !== null && !isLost(message))
      bar('handling', message.end, handledUntil(row, lastSent.get(at)));
    if (reply !== undefined && reply.end !== null)
      bar(isLost(reply) ? 'lost-way' : 'way', reply.sent, reply.end);
    return bars;
  });
}

function handledUntil({ message, reply }: RequestRow, lastSent: number | undefined): number {
  const arrived = message.end ?? message.sent;
  // The reply may belong to an earlier copy of the message.
  return Math.max(arrived, reply?.sent ?? lastSent ?? arrived);
}
