/**
 * Messages put together: a request with its reply, what one turn sent to several others, and what was sent again and again.
 * No protocol is known here: alike is what has the same sender, the same receivers, the same type and the same fields.
 */
import { canonicalJson, isJsonInteger, isJsonObject, type Json } from '../protocol/json.ts';
import type { FollowedValues } from './followed-values.ts';
import { isLost, STATE, type Selection } from './select-messages.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import { sayingFields } from '../protocol/value-text.ts';

/** A message, and its answers: of one that arrived twice there may be two. */
export interface Exchange {
  readonly message: StoryMessage;
  readonly answers: readonly StoryMessage[];
}

/** What one turn sent to several others alike. */
export interface Sending {
  readonly src: string;
  readonly type: string;
  readonly exchanges: readonly Exchange[];
  readonly weight: number;
  readonly sentNanos: number;
}

/** The same sending once or several times. */
export interface Repeated {
  readonly first: Sending;
  readonly all: readonly Sending[];
}

/** `cuts` are the moments in which a fault began or ended: repetitions on both sides of one are two steps. */
export function repeatedSendings(
  facts: StoryFacts,
  selection: Selection,
  cuts: readonly number[],
): readonly Repeated[] {
  const sendings = sendingsOf(facts, selection);
  const alike = new Map<string, Sending[]>();
  for (const sending of sendings) {
    const key = keyOf(sending, facts, selection.values);
    const same = alike.get(key);
    if (same === undefined) alike.set(key, [sending]);
    else same.push(sending);
  }
  return [...alike.values()].flatMap((same) => inStretches(same, cuts));
}

function sendingsOf(facts: StoryFacts, selection: Selection): readonly Sending[] {
  const { messages } = facts;
  const together = new Map<string, { weight: number; exchanges: Exchange[] }>();
  for (const exchange of exchangesOf(facts, selection)) {
    const { message, answers } = exchange;
    const weight = Math.min(...[message, ...answers].map(({ id }) => selection.weights.get(id) ?? Infinity));
    const type = messages.typeOf(message.id);
    const fields = weight >= STATE ? '' : canonicalJson(sayingFields(messages.bodyOf(message.id)));
    const key = JSON.stringify([message.src, message.sentNanos, message.origin ?? null, type, fields]);
    const known = together.get(key);
    if (known === undefined) together.set(key, { weight, exchanges: [exchange] });
    else {
      known.weight = Math.min(known.weight, weight);
      known.exchanges.push(exchange);
    }
  }
  return [...together.values()].flatMap(({ weight, exchanges }) => {
    const [first] = exchanges;
    if (first === undefined) return [];
    const { src, sentNanos, id } = first.message;
    return [{ src, sentNanos, weight, type: messages.typeOf(id), exchanges }];
  });
}

/** Those that were chosen, without those of clients, each with its partner; in the order of sending. */
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

/** How far it is looked back for the request of a client. */
const LONGEST_WAY = 100;

/** The request that a message was sent for, where that is known; of what a node does by itself the one that it was started with. */
function requestBehind({ messages }: StoryFacts, message: StoryMessage | undefined): number | undefined {
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
  // What never arrives, and says more each time, is the same attempt.
  const isInVain = exchanges.every(({ message }) => isLost(message));
  const fields = isInVain
    ? withoutLists(withoutCounters(body, values))
    : weight >= STATE
      ? withoutCounters(body, values)
      : body;
  const ends = exchanges.map(({ message, answers }) => [message.dest, isLost(message), answers.map(said)]);
  // What carries a value of the story is one step, what does not another; and so is what two operations have in common.
  const group = isInVain ? [weight] : weight < STATE ? [requestBehind(facts, first?.message) ?? null] : [];
  return JSON.stringify([src, type, ends, canonicalJson(fields), ...group]);

  function said(answer: StoryMessage): string {
    const answered = sayingFields(facts.messages.bodyOf(answer.id));
    if (weight >= STATE) return canonicalJson(withoutCounters(answered, values));
    // One that is lost makes the sender send again.
    return canonicalJson([isLost(answer), answered]);
  }
}

/** Counters, such as terms, indexes and numbers of rounds, may differ between repetitions; what the story follows may not. */
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
  const stretches = new Map<number, Sending[]>();
  for (const sending of same) {
    const before = cuts.filter((cut) => cut <= sending.sentNanos).length;
    const stretch = stretches.get(before);
    if (stretch === undefined) stretches.set(before, [sending]);
    else stretch.push(sending);
  }
  return [...stretches.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ first, all }];
  });
}
