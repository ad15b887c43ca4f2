/**
 * The places in messages at which elements travel. A number there may also be something else that is equal by chance: a term,
 * a counter, a clock. Where elements travel, only elements are found, none before it was added, and more than one:
 *
 *     tell {values: [4, 7], round: 3}       values[] is such a place; round is not: it is 0 before 0 is added, or 30 after all
 *
 * A place that is called as in a client's request or its answer is one, however few elements there are.
 */
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import { elementsOf, type Json, type JsonObject } from '../../protocol/json.ts';
import type { StoryFacts } from '../story-facts.ts';
import type { StoryMessage } from '../story-messages.ts';
import type { StoryOperation } from '../story-operations.ts';
import { eachPlace, nameOf } from './places.ts';

/** Maximum number of messages of a type that are looked at. */
const MOST_LOOKED_AT = 500;

/** True if the message brings `element` at a place where elements travel. */
export function bringsElement(facts: StoryFacts, message: StoryMessage, element: Json): boolean {
  const { messages, operations } = facts;
  const wanted = valueKey(element);
  const places = new Set<string>();
  for (const { place, key } of valuesIn(messages.bodyOf(message.id))) if (key === wanted) places.add(place);
  if (places.size === 0) return false;
  const adds = operations.all.filter(({ invocation }) => invocation.f !== 'read');
  const names = namesIn(facts, adds);
  if ([...places].some((place) => names.has(nameOf(place)))) return true;
  const addedNanos = new Map<ValueKey, number>();
  for (const { invocation } of adds.toReversed()) addedNanos.set(valueKey(invocation.value), invocation.time);
  const type = messages.typeOf(message.id);
  const alike = messages.all.filter((one) => !messages.isWithClient(one) && messages.typeOf(one.id) === type);
  const found = new Map([...places].map((place): [string, Set<ValueKey>] => [place, new Set()]));
  for (const { id, sentNanos } of [message, ...alike.slice(0, MOST_LOOKED_AT)])
    for (const { place, key } of valuesIn(messages.bodyOf(id))) {
      if ((addedNanos.get(key) ?? Infinity) > sentNanos) found.delete(place);
      else found.get(place)?.add(key);
    }
  return [...found.values()].some((keys) => keys.size > 1);
}

/** Returns the names of the fields in which a client sends an element, and gets elements. */
function namesIn({ messages, operations }: StoryFacts, adds: readonly StoryOperation[]): ReadonlySet<string> {
  const read = operations.all.find(
    ({ invocation: { f }, completion }) =>
      f === 'read' && completion?.type === 'ok' && (elementsOf(completion.value)?.length ?? 0) > 0,
  );
  const shown = new Set((elementsOf(read?.completion?.value) ?? []).map(valueKey));
  const requests = (sending: readonly StoryOperation[]): readonly number[] =>
    sending.map((operation) => operations.requestsOf(operation)).find(({ length }) => length > 0) ?? [];
  const sent = requests(adds).flatMap((id) => valuesIn(messages.bodyOf(id)));
  const got = requests(read === undefined ? [] : [read])
    .flatMap((id) => messages.repliesTo(id))
    .flatMap((id) => valuesIn(messages.bodyOf(id)))
    .filter(({ place, key }) => place.endsWith('[]') && shown.has(key));
  return new Set([...sent, ...got].map(({ place }) => nameOf(place)));
}

interface Placed {
  readonly place: string;
  readonly key: ValueKey;
}

function valuesIn(body: JsonObject): readonly Placed[] {
  const found: Placed[] = [];
  eachPlace(body, (place, value) => found.push({ place, key: valueKey(value) }));
  return found;
}
