/**
 * The places in messages between servers at which elements travel. A number there may also be something else that is equal by
 * chance: a term, a counter, a clock. Where elements travel, only elements are found, none before it was added, and more than one:
 *
 *     tell {values: [4, 7], round: 3}       values[] is such a place; round is not: it is 0 before 0 is added, or 30 after all
 *
 * A place that is called as in a client's request or its answer is one, however few elements there are. Elements are mostly 0, 1,
 * 2, ..., so that a number in no list may as well count them or be an index, if they travel somewhere else:
 *
 *     stream {from: 0, values: [1]}      have {upTo: 1}      upTo is no such place, although it is 1 when 1 has come
 */
import { valueKey, type ValueKey } from '../../../columns/value-key.ts';
import { elementsOf, type Json, type JsonObject } from '../../../protocol/json.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import type { StoryMessage } from '../../facts/story-messages.ts';
import type { StoryOperation } from '../../facts/story-operations.ts';
import { eachPlace, nameOf } from './places.ts';

/** Maximum number of messages of a type that are looked at, the first ones. */
const MOST_LOOKED_AT = 500;

export class ElementPlaces {
  private readonly names: ReadonlySet<string>;
  private readonly addedNanos = new Map<ValueKey, number>();
  /** Indexed by type. */
  private readonly known = new Map<string, ReadonlySet<string>>();
  private haveSurePlace: boolean | undefined;

  constructor(private readonly facts: StoryFacts) {
    const adds = facts.operations.all.filter(({ invocation }) => invocation.f !== 'read');
    this.names = namesIn(facts, adds);
    // Of several adds of an element the first counts.
    for (const { invocation } of adds.toReversed())
      this.addedNanos.set(valueKey(invocation.value), invocation.time);
  }

  /** True if the message brings `element` at a place where elements travel. */
  bring(message: StoryMessage, element: Json): boolean {
    return this.broughtBy(message).has(valueKey(element));
  }

  /** Returns what the message brings at places where elements travel. */
  broughtBy({ id }: StoryMessage): ReadonlySet<ValueKey> {
    const { messages } = this.facts;
    const type = messages.typeOf(id);
    const places = this.known.get(type) ?? this.placesOf(type);
    this.known.set(type, places);
    const found = new Set<ValueKey>();
    for (const { place, key } of valuesIn(messages.bodyOf(id)))
      if (places.has(place) || this.names.has(nameOf(place))) found.add(key);
    return found;
  }

  private placesOf(type: string): ReadonlySet<string> {
    const { messages } = this.facts;
    const alike = messages.all.filter(
      (one) => !messages.isWithClient(one) && messages.typeOf(one.id) === type,
    );
    const found = new Map<string, Set<ValueKey>>();
    const others = new Set<string>();
    for (const { id, sentNanos } of alike.slice(0, MOST_LOOKED_AT))
      for (const { place, key } of valuesIn(messages.bodyOf(id)))
        if ((this.addedNanos.get(key) ?? Infinity) > sentNanos) others.add(place);
        else found.set(place, (found.get(place) ?? new Set()).add(key));
    return new Set(
      [...found].flatMap(([place, keys]) =>
        keys.size > 1 && !others.has(place) && (isInList(place) || !this.mayCount(keys)) ? [place] : [],
      ),
    );
  }

  /** True if they are numbers, and elements surely travel elsewhere: in lists, or in fields that are called as in a client's request. */
  private mayCount(keys: ReadonlySet<ValueKey>): boolean {
    this.haveSurePlace ??= this.findSurePlace();
    return this.haveSurePlace && [...keys].every((key) => typeof key === 'number');
  }

  private findSurePlace(): boolean {
    const { messages } = this.facts;
    return messages.all
      .filter((one) => !messages.isWithClient(one))
      .slice(0, MOST_LOOKED_AT)
      .some(({ id, sentNanos }) =>
        valuesIn(messages.bodyOf(id)).some(
          ({ place, key }) =>
            (isInList(place) || this.names.has(nameOf(place))) &&
            (this.addedNanos.get(key) ?? Infinity) <= sentNanos,
        ),
      );
  }
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

const isInList = (place: string): boolean => place.endsWith('[]');

interface Placed {
  readonly place: string;
  readonly key: ValueKey;
}

function valuesIn(body: JsonObject): readonly Placed[] {
  const found: Placed[] = [];
  eachPlace(body, (place, value) => found.push({ place, key: valueKey(value) }));
  return found;
}
