/**
 * Groups messages: a request with its reply, messages that one turn sent to several nodes, and repeated messages. This
 * knows no protocol: messages are alike if they have the same sender, receivers, type and fields.
 */
import { groupedBy } from '../../columns/groups.ts';
import { canonicalJson, isJsonInteger, isJsonObject, type Json } from '../../protocol/json.ts';
import type { FollowedValues } from '../selection/values/followed-values.ts';
import { isLost, STATE, type Selection } from '../selection/selection.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { sayingFields } from '../../protocol/value-text.ts';

/** A message and its replies; a message that arrived twice may have two. */
export interface Exchange {
  readonly message: StoryMessage;
  readonly answers: readonly StoryMessage[];
}

/** Alike messages that one turn sent to several nodes, in order of sending. */
export interface Sending {
  readonly src: string;
  readonly type: string;
  readonly exchanges: readonly Exchange[];
  readonly weight: number;
  readonly sentNanos: number;
}

/** A sending and its repetitions. */
export interface Repeated {
  readonly first: Sending;
  readonly all: readonly Sending[];
}

/** `cuts` are the times at which a fault began or ended: repetitions before and after one become separate steps. */
export function repeatedSendings(
  facts: StoryFacts,
  selection: Selection,
  cuts: readonly number[],
): readonly Repeated[] {
  const alike = groupedBy(sendingsOf(facts, selection), (sending) => keyOf(sending, facts, selection.values));
  return [...alike.values()].flatMap((same) => inStretches(same, cuts));
}

/** Maximum time in nanoseconds in which a real node sends the same to several nodes; a simulated turn takes no time. */
const LONGEST_REAL_TURN_NANOS = 5e6;

function sendingsOf(facts: StoryFacts, selection: Selection): readonly Sending[] {
  const { messages } = facts;
  const longestNanos = facts.run.spec.world === 'real' ? LONGEST_REAL_TURN_NANOS : 0;
  const all: { weight: number; readonly exchanges: Exchange[] }[] = [];
  const latest = new Map<string, (typeof all)[number]>();
  for (const exchange of exchangesOf(facts, selection)) {
    const { message, answers } = exchange;
    const weight = Math.min(...[message, ...answers].map(({ id }) => selection.weights.get(id) ?? Infinity));
    const type = messages.typeOf(message.id);
    const fields = weight >= STATE ? '' : canonicalJson(sayingFields(messages.bodyOf(message.id)));
    const key = JSON.stringify([message.src, message.origin ?? null, type, fields]);
    const last = latest.get(key);
    if (last !== undefined && isOneTurn(last.exchanges, message, longestNanos)) {
      last.weight = Math.min(last.weight, weight);
      last.exchanges.push(exchange);
    } else {
      const sending = { weight, exchanges: [exchange] };
      latest.set(key, sending);
      all.push(sending);
    }
  }
  return all.flatMap(({ weight, exchanges }) => {
    const [first] = exchanges;
    if (first === undefined) return [];
    const { src, sentNanos, id } = first.message;
    return [{ src, sentNanos, weight, type: messages.typeOf(id), exchanges }];
  });
}

/** True if a message may belong to the turn that sent the others: it goes to another node, before any of them is answered. */
function isOneTurn(others: readonly Exchange[], message: StoryMessage, longestNanos: number): boolean {
  const { sentNanos } = message;
  const [first] = others;
  const tookNanos = first === undefined ? Infinity : sentNanos - first.message.sentNanos;
  if (tookNanos === 0) return true;
  return (
    tookNanos <= longestNanos &&
    others.every(
      (other) =>
        other.message.dest !== message.dest &&
        other.answers.every(({ arrivals: [arrived = Infinity] }) => arrived > sentNanos),
    )
  );
}

/** Returns the selected messages between nodes with their replies, in order of sending. */
function exchangesOf(facts: StoryFacts, { weights, endNanos }: Selection): readonly Exchange[] {
  const { messages } = facts;
  const ids = new Set<number>();
  for (const id of weights.keys()) {
    const message = messages.at(id);
    if (message !== undefined && !messages.isWithClient(message)) ids.add(messages.requestOf(id) ?? id);
  }
  return [...ids]
    .toSorted((a, b) => a - b)
    .flatMap((id) => {
      const message = messages.at(id);
      if (message === undefined) return [];
      const answers = messages.repliesTo(id).flatMap((reply) => messages.at(reply) ?? []);
      return [{ message, answers: answers.filter(({ sentNanos }) => sentNanos <= endNanos) }];
    });
}

/** Maximum number of causes followed to find a client's request. */
const LONGEST_WAY = 100;

/** Returns the client's request that caused a message, if known; for a node's spontaneous messages its `init`. */
export function requestBehind(
  { messages }: StoryFacts,
  message: StoryMessage | undefined,
): number | undefined {
  let at = message;
  for (let steps = 0; steps < LONGEST_WAY && at !== undefined; steps++) {
    if (messages.isWithClient(at)) return at.id;
    if (at.isGuessed || at.origin === undefined) return undefined;
    at = messages.at(at.origin);
  }
  return undefined;
}

function keyOf({ src, type, exchanges, weight }: Sending, facts: StoryFacts, values: FollowedValues): string {
  const [first] = exchanges;
  const body = first === undefined ? {} : sayingFields(facts.messages.bodyOf(first.message.id));
  // Lost messages that carry more each time are repetitions of the same attempt.
  const isInVain = exchanges.every(({ message }) => isLost(message));
  const fields = isInVain
    ? withoutLists(withoutCounters(body, values))
    : weight >= STATE
      ? withoutCounters(body, values)
      : body;
  const ends = exchanges.map(({ message, answers }) => [message.dest, isLost(message), answers.map(said)]);
  // Messages with and without a value of the story are separate steps, and so are alike messages of different operations.
  const group = isInVain ? [weight] : weight < STATE ? [requestBehind(facts, first?.message) ?? null] : [];
  return JSON.stringify([src, type, ends, canonicalJson(fields), ...group]);

  function said(answer: StoryMessage): string {
    const answered = sayingFields(facts.messages.bodyOf(answer.id));
    if (weight >= STATE) return canonicalJson(withoutCounters(answered, values));
    // A lost reply makes the sender retry.
    return canonicalJson([isLost(answer), answered]);
  }
}

/** Masks counters, such as terms, indexes and rounds, which may differ between repetitions; the story's values may not. */
function withoutCounters(value: Json, values: FollowedValues): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      isJsonInteger(part) && !values.has(part) ? '#' : part,
    ]),
  );
}

const withoutLists = (value: Json): Json =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, Array.isArray(part) ? [] : part]))
    : value;

function inStretches(same: readonly Sending[], cuts: readonly number[]): readonly Repeated[] {
  const stretches = groupedBy(same, ({ sentNanos }) => cuts.filter((cut) => cut <= sentNanos).length);
  return [...stretches.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ first, all }];
  });
}
