/**
 * The node whose state decided the answer to an operation: the one that the client asked, or, if that asked a single other node,
 * this one:
 *
 *     c1 ── read 5 ──> n2 ── read 5 ──> n1             n1 answers n2, and n2 the client: n1
 *     c1 ── read 5 ──> n2 ── read 5 ──> n1, n3, n4     n2, which decides by the answers that it has
 *     c1 ── read 5 ──> n2 ── read 5 ──> lin-kv         a service: unknown
 */
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { StoryOperation } from '../facts/story-operations.ts';

export interface Answering {
  readonly node: string;
  /** When the request reached the node, and when it answered. */
  readonly askedNanos: number;
  readonly answeredNanos: number;
  /** Set if it asked several other nodes. */
  readonly others?: Others;
}

/** The nodes that one asked, and those of them whose answers it had when it answered. */
export interface Others {
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  /** Message ids. */
  readonly requests: readonly number[];
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
    const requests = askedMeanwhile(facts, asked, answer);
    const answered = requests.filter((one) => hasAnswered(facts, one, answer));
    const found = { node: asked.dest, askedNanos, answeredNanos: answer.sentNanos };
    const dests = namesOf(requests);
    if (answered.length === 0 && dests.length < 2) return found;
    if (dests.length > 1) {
      const others = { asked: dests, answered: namesOf(answered), requests: requests.map(({ id }) => id) };
      return dests.every((dest) => kindOf(dest) === 'node') ? { ...found, others } : undefined;
    }
    request = answered.at(-1)?.id;
  }
  return undefined;
}

/** Returns the request by which the node that a client asked let one other node do what was asked, if it did. */
export function passedOn(facts: StoryFacts, operation: StoryOperation): StoryMessage | undefined {
  const { messages, operations, kindOf } = facts;
  const [id = -1] = operations.requestsOf(operation).slice(-1);
  const asked = messages.at(id);
  if (asked === undefined) return undefined;
  const requests = askedMeanwhile(facts, asked, messages.at(messages.replyTo(id) ?? -1));
  const [dest, ...others] = namesOf(requests);
  const isOne = dest !== undefined && dest !== asked.dest && others.length === 0;
  return isOne && kindOf(dest) === 'node' ? requests.at(-1) : undefined;
}

/** Returns the requests that the node sent for this one until it answered. */
function askedMeanwhile(
  { messages }: StoryFacts,
  asked: StoryMessage,
  answer: StoryMessage | undefined,
): readonly StoryMessage[] {
  return messages.childrenOf(asked.id).flatMap((id) => {
    const message = messages.at(id);
    if (message === undefined || messages.requestOf(id) !== undefined) return [];
    if (answer !== undefined && message.sentNanos > answer.sentNanos) return [];
    // A lost request has no answer.
    const isRequest = messages.replyTo(id) !== undefined || messages.bodyOf(id)['msg_id'] !== undefined;
    return isRequest ? [message] : [];
  });
}

const hasAnswered = ({ messages }: StoryFacts, { id }: StoryMessage, answer: StoryMessage): boolean =>
  (messages.at(messages.replyTo(id) ?? -1)?.arrivals[0] ?? Infinity) <= answer.sentNanos;

const namesOf = (requests: readonly StoryMessage[]): readonly string[] => [
  ...new Set(requests.map(({ dest }) => dest)),
];
