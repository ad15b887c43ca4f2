/**
 * The node whose state decided the answer to an operation: the one that the client asked, or, if that asked a single other node,
 * this one:
 *
 *     c1 ── read 5 ──> n2 ── read 5 ──> n1          n1 answers n2, and n2 the client: n1
 *     c1 ── read 5 ──> n2 ── read 5 ──> lin-kv      a service: unknown, and so it is if n2 asked several
 */
import type { StoryFacts } from '../story-facts.ts';
import type { StoryMessage } from '../story-messages.ts';
import type { StoryOperation } from '../story-operations.ts';

export interface Answering {
  readonly node: string;
  /** When the request reached the node, and when it answered. */
  readonly askedNanos: number;
  readonly answeredNanos: number;
}

/** Nodes rarely pass a request on more often. */
const LONGEST_WAY = 10;

export function answeringNode(facts: StoryFacts, operation: StoryOperation): Answering | undefined {
  const { messages, operations, kindOf } = facts;
  let [request] = operations.requestsOf(operation).slice(-1);
  for (let steps = 0; steps < LONGEST_WAY && request !== undefined; steps++) {
    const asked = messages.at(request);
    const answer = messages.at(messages.replyTo(request) ?? -1);
    const [askedNanos] = asked?.arrivals ?? [];
    if (asked === undefined || answer === undefined || askedNanos === undefined) return undefined;
    if (kindOf(asked.dest) !== 'node') return undefined;
    const others = askedMeanwhile(facts, asked, answer);
    const dests = new Set(others.map(({ dest }) => dest));
    if (dests.size === 0) return { node: asked.dest, askedNanos, answeredNanos: answer.sentNanos };
    if (dests.size > 1) return undefined;
    request = others.at(-1)?.id;
  }
  return undefined;
}

/** Returns the requests that the node sent for this one, and whose answers it had when it answered. */
function askedMeanwhile(
  { messages }: StoryFacts,
  asked: StoryMessage,
  answer: StoryMessage,
): readonly StoryMessage[] {
  return messages.childrenOf(asked.id).flatMap((id) => {
    const [answered = Infinity] = messages.at(messages.replyTo(id) ?? -1)?.arrivals ?? [];
    const message = answered <= answer.sentNanos ? messages.at(id) : undefined;
    return message === undefined ? [] : [message];
  });
}
