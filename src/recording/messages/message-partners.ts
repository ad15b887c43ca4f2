/** Finds requests and replies that belong together, by `msg_id` and `in_reply_to` of their bodies. */
import type { MessageColumns } from './message-columns.ts';
import { BODY_BYTES, fieldOf, withBodies } from './message-bodies.ts';

/** Maximum number of messages that a search for a request or a reply looks at, and of bodies that it reads. */
const PARTNER_SCAN = 400_000;
const PARTNER_BODIES = 3000;

/** Ids of messages. */
export interface Partners {
  readonly request: number | undefined;
  readonly replies: readonly number[];
}

/**
 * Returns the request that this message answers, and the replies to it: the nearest ones between the same two
 * endpoints.
 */
export function partnersOf(journal: MessageColumns, id: number, body: string): Partners {
  const { src, dest, messageCount } = journal;
  const answers = fieldOf(body, 'in_reply_to');
  const messageId = fieldOf(body, 'msg_id');
  return withBodies(journal, (read) => {
    const find = (step: 1 | -1, field: string, wanted: string | undefined): number | undefined => {
      if (wanted === undefined) return undefined;
      let bodies = 0;
      for (let other = id + step; other >= 0 && other < messageCount; other += step) {
        if (Math.abs(other - id) > PARTNER_SCAN || bodies > PARTNER_BODIES) return undefined;
        if (src[other] !== dest[id] || dest[other] !== src[id]) continue;
        bodies++;
        if (fieldOf(read(other, BODY_BYTES).text, field) === wanted) return other;
      }
      return undefined;
    };
    const reply = find(1, 'in_reply_to', messageId);
    return { request: find(-1, 'msg_id', answers), replies: reply === undefined ? [] : [reply] };
  });
}
