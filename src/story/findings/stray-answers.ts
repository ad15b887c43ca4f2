/**
 * Misdirected replies: a request timed out although its node sent a reply, to another endpoint or for another message id.
 *
 *     c2 ── echo, msg_id 1 ──> n0
 *                              n0 ── echo_ok, in_reply_to 1 ──> n1      c2 waits in vain
 */
import { jsonEquals, stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { TIMEOUT } from '../../workloads/completion.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';

/** Returns a sentence for each operation with a misdirected reply. */
export const strayAnswers = (facts: StoryFacts, operations: readonly StoryOperation[]): readonly string[] =>
  operations.flatMap((operation) => strayAnswer(facts, operation) ?? []);

function strayAnswer(facts: StoryFacts, operation: StoryOperation): string | undefined {
  const { messages, operations } = facts;
  if (operation.completion?.error !== TIMEOUT) return undefined;
  const [request] = operations.requestsOf(operation).flatMap((id) => messages.at(id) ?? []);
  if (request === undefined || messages.replyTo(request.id) !== undefined) return undefined;
  const { type, msg_id: number = null } = messages.bodyOf(request.id);
  if (typeof type !== 'string') return undefined;
  const end = endOf(operation);
  const isStray = ({ id, src, dest, sentNanos }: StoryMessage): boolean => {
    if (src !== request.dest || sentNanos < request.sentNanos || sentNanos > end) return false;
    if (messages.typeOf(id) !== `${type}_ok` || messages.requestOf(id) !== undefined) return false;
    // A message to another node is the reply only if it names this request and the node sent no request of that number.
    return dest === request.src || jsonEquals(messages.bodyOf(id)['in_reply_to'] ?? null, number);
  };
  const stray = messages.all.find(isStray);
  if (stray === undefined) return undefined;
  const { src, dest, sentNanos } = stray;
  const named = messages.bodyOf(stray.id)['in_reply_to'] ?? null;
  const when = `At ${(sentNanos / NANOS_PER_SECOND).toFixed(3)} s`;
  const what = `${shownText(src, 60)} sent \`${shownText(`${type}_ok`, 60)}\``;
  if (dest !== request.src)
    return `${when} ${what} to ${shownText(dest, 60)}, but ${request.src} had asked: the answer goes to the request's \`src\`.`;
  const seen =
    named === null ? 'without `in_reply_to`' : `with \`in_reply_to\` ${shownText(stringifyJson(named), 60)}`;
  return `${when} ${what} to ${request.src} ${seen}: the answer to its request needs ${shownText(stringifyJson(number), 60)}, the request's \`msg_id\`.`;
}
