/**
 * Which messages bring a value that a client wrote to a key. Values and keys are small numbers that also occur as versions,
 * offsets and counters, so that a message brings a value only if all of this holds:
 *
 *     the value is next to its key, or within something named for it
 *     its place is called as in clients' requests, is that of a micro-operation, or has always held what the write that led to
 *     such a message wrote, for several values
 *     the write led to the message, or nothing else wrote this value to the key before it was sent
 */
import {
  elementsOf,
  entriesOf,
  jsonEquals,
  valueText,
  wordOf,
  type Json,
  type JsonObject,
} from '../../../protocol/json.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import type { StoryMessage } from '../../facts/story-messages.ts';
import { mayHaveHappened, type StoryOperation } from '../../facts/story-operations.ts';
import { writesOf, type Written } from './writes-of.ts';

/** Maximum number of messages of a type that are looked at, the first ones. */
const MOST_LOOKED_AT = 500;
const MOST_CAUSES = 100;
const DEEPEST = 12;
/** Longer lists are no tuples. */
const LONGEST_TUPLE = 3;
const MICRO_OPS: ReadonlySet<string> = new Set(['append', 'w', 'r']);
const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);

/** Longer texts may hold a state. */
const LONGEST_WORD = 20;

/** A value in a body that is no list or map. */
interface Placed {
  readonly place: string;
  /** The name of the nearest field. */
  readonly name: string;
  readonly value: Json;
  /** Texts of the values beside it, and of the names of what it is within. */
  readonly beside: ReadonlySet<string>;
  /** Names of what it is within that are numbers, such as keys. */
  readonly numbers: readonly string[];
  readonly isMicroOp: boolean;
}

export class WrittenPlaces {
  private readonly names: ReadonlySet<string>;
  private readonly keyNames: ReadonlySet<string>;
  /** Indexed by type. */
  private readonly known = new Map<string, ReadonlySet<string>>();
  private readonly strangers = new Map<string, ReadonlySet<string>>();
  /** When each value was first written, by key. */
  private readonly writtenNanos: ReadonlyMap<string, ReadonlyMap<string, number>>;

  constructor(private readonly facts: StoryFacts) {
    this.names = namesIn(facts);
    this.keyNames = keyNamesIn(facts);
    this.writtenNanos = writtenNanosIn(facts);
  }

  /** True if the message brings what `writer` wrote. */
  bring(message: StoryMessage, written: Written, writer: StoryOperation): boolean {
    return this.show(message, written) && this.isFrom(message, written, writer);
  }

  /** True if the message shows the value as that of its key, whatever wrote it. */
  show({ id }: StoryMessage, { key, value }: Written): boolean {
    const { messages } = this.facts;
    const request = messages.requestOf(id);
    // A reply need not repeat the key.
    const asked = request === undefined ? [] : textsIn(messages.bodyOf(request));
    const at = placedIn(messages.bodyOf(id)).filter(
      (one) => jsonEquals(one.value, value) && (one.beside.has(textOf(key)) || asked.includes(textOf(key))),
    );
    if (at.some(({ name, isMicroOp }) => isMicroOp || this.names.has(name))) return true;
    if (at.length === 0) return false;
    const type = messages.typeOf(id);
    const places = this.known.get(type) ?? this.placesOf(type);
    this.known.set(type, places);
    return at.some(({ place }) => places.has(place));
  }

  /** True unless it is certain that the message does not show the value: a state may be sent as a text, or a list without keys. */
  mayShow(message: StoryMessage, { key, value }: Written): boolean {
    const { messages, operations, kindOf } = this.facts;
    const { id, src } = message;
    if (kindOf(src) === 'client') {
      const operation = operations.sentFor(id);
      return operation === undefined || writesOf(operation).some((one) => isSame(one, { key, value }));
    }
    const body = messages.bodyOf(id);
    const request = messages.requestOf(id);
    const all = [...textsIn(body), ...(request === undefined ? [] : textsIn(messages.bodyOf(request)))];
    const type = messages.typeOf(id);
    const isText = (text: string, wanted: string): boolean =>
      text.length > LONGEST_WORD && text.includes(wanted);
    // The bodies of large messages are not looked at.
    if (messages.textOf(id) === '') return true;
    const hasKey = all.some((text) => text === textOf(key) || isText(text, textOf(key)));
    const strangers = this.strangersOf(type);
    return placedIn(body).some(
      (one) =>
        // A list may have its keys as positions.
        (hasKey || one.place.includes('[')) &&
        !this.keyNames.has(one.name) &&
        ((jsonEquals(one.value, value) &&
          (one.isMicroOp || this.names.has(one.name) || !strangers.has(one.place))) ||
          one.numbers.includes(textOf(value)) ||
          isText(textOf(one.value), textOf(value))),
    );
  }

  /** Returns the places that have held numbers beside keys to which nothing had written these, such as offsets. */
  private strangersOf(type: string): ReadonlySet<string> {
    const known = this.strangers.get(type);
    if (known !== undefined) return known;
    const { messages } = this.facts;
    const found = new Map<string, Set<string>>();
    for (const { id, sentNanos } of this.alike(type)) {
      const request = messages.requestOf(id);
      const asked = request === undefined ? [] : textsIn(messages.bodyOf(request));
      for (const { place, value, beside } of placedIn(messages.bodyOf(id))) {
        if (typeof value !== 'number') continue;
        const written = this.writtenAt([...new Set([...beside, ...asked])]);
        if (written.length > 0 && !isWrittenBefore(written, value, sentNanos))
          found.set(place, (found.get(place) ?? new Set()).add([...beside].join(' ')));
      }
    }
    const places = new Set([...found].flatMap(([place, { size }]) => (size > 1 ? [place] : [])));
    this.strangers.set(type, places);
    return places;
  }

  /** Returns what was first written when to each of the keys that one has. */
  private writtenAt(keys: readonly string[]): readonly ReadonlyMap<string, number>[] {
    return keys.flatMap((key) => this.writtenNanos.get(key) ?? []);
  }

  /** Returns the first messages of a type between servers. */
  private alike(type: string): readonly StoryMessage[] {
    const { messages } = this.facts;
    return messages.all
      .filter((one) => !messages.isWithClient(one) && messages.typeOf(one.id) === type)
      .slice(0, MOST_LOOKED_AT);
  }

  private isFrom(message: StoryMessage, { key, value }: Written, writer: StoryOperation): boolean {
    const { all } = this.facts.operations;
    if (operationBehind(this.facts, message) === writer) return true;
    return all.every(
      (one) =>
        one === writer ||
        one.invocation.time >= message.sentNanos ||
        !mayHaveHappened(one) ||
        !writesOf(one).some((other) => isSame(other, { key, value })),
    );
  }

  /**
   * Returns the places that always held what the write that led to a message of this type wrote, or, of other keys in a whole state,
   * what had been written before.
   */
  private placesOf(type: string): ReadonlySet<string> {
    const { messages } = this.facts;
    const found = new Map<string, Set<string>>();
    const others = new Set<string>();
    for (const message of this.alike(type)) {
      const writer = operationBehind(this.facts, message);
      const writes = writer === undefined ? [] : writesOf(writer);
      for (const { place, value, beside } of placedIn(messages.bodyOf(message.id)))
        if (writes.some((one) => jsonEquals(one.value, value) && beside.has(textOf(one.key))))
          found.set(place, (found.get(place) ?? new Set()).add(valueText(value)));
        else if (!isWrittenBefore(this.writtenAt([...beside]), value, message.sentNanos)) others.add(place);
    }
    return new Set(
      [...found].flatMap(([place, values]) => (values.size > 1 && !others.has(place) ? [place] : [])),
    );
  }
}

function writtenNanosIn({ operations }: StoryFacts): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const operation of operations.all)
    for (const { key, value } of writesOf(operation)) {
      const values = found.get(textOf(key)) ?? new Map<string, number>();
      found.set(textOf(key), values);
      if (!values.has(textOf(value))) values.set(textOf(value), operation.invocation.time);
    }
  return found;
}

const isWrittenBefore = (
  written: readonly ReadonlyMap<string, number>[],
  value: Json,
  nanos: number,
): boolean => written.some((values) => (values.get(textOf(value)) ?? Infinity) <= nanos);

/** Returns the operation whose request led to the message, without timers in between unless `byTimer` is true. */
export function operationBehind(
  { messages, operations }: StoryFacts,
  message: StoryMessage,
  { byTimer = false }: { readonly byTimer?: boolean } = {},
): StoryOperation | undefined {
  let at: StoryMessage | undefined = message;
  for (let steps = 0; steps < MOST_CAUSES && at !== undefined; steps++) {
    if (at !== message && messages.isWithClient(at)) return operations.sentFor(at.id);
    if ((at.byTimer && !byTimer) || at.origin === undefined) return undefined;
    at = messages.at(at.origin);
  }
  return undefined;
}

/** In replies to polls, messages of logs are the second parts of pairs. */
function polledNames({
  messages,
  operations,
}: Pick<StoryFacts, 'messages' | 'operations'>): readonly string[] {
  const polls = operations.all.filter(({ invocation: { f } }) => f === 'poll').slice(0, MOST_LOOKED_AT);
  const replies = polls
    .flatMap((poll) => operations.requestsOf(poll))
    .flatMap((id) => messages.repliesTo(id));
  return replies.flatMap((id) =>
    placedIn(messages.bodyOf(id)).flatMap(({ name }) => (name.endsWith('[1]') ? [name] : [])),
  );
}

function textsIn(body: JsonObject): readonly string[] {
  return placedIn(body).flatMap(({ value, beside, place }) => [
    textOf(value),
    ...beside,
    ...place.replaceAll(/\[\d*\]/g, '').split('.'),
  ]);
}

const isSame = (one: Written, { key, value }: Written): boolean =>
  textOf(one.key) === textOf(key) && jsonEquals(one.value, value);

const textOf = (value: Json): string => (typeof value === 'string' ? value : valueText(value));

/** Returns the names of the fields in which clients send values: of the first write of each kind. */
function namesIn({ messages, operations }: StoryFacts): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const operation of operations.all) {
    const { f } = operation.invocation;
    const [written] = seen.has(f) ? [] : writesOf(operation);
    const [request] = written === undefined ? [] : operations.requestsOf(operation);
    if (written === undefined || request === undefined) continue;
    const placed = placedIn(messages.bodyOf(request));
    const own = placed.filter(({ value, isMicroOp }) => !isMicroOp && jsonEquals(written.value, value));
    // Other fields with the same number, such as the key, may be the ones that hold the value.
    const [only] = own;
    if (only === undefined || own.length > 1) continue;
    seen.add(f);
    names.add(only.name);
  }
  for (const name of polledNames({ messages, operations })) names.add(name);
  return names;
}

/** Returns the names of the fields in which clients send keys of registers, which are never those of values. */
function keyNamesIn({ messages, operations }: StoryFacts): ReadonlySet<string> {
  const writes = operations.all.filter(({ invocation: { f } }) => f === 'write').slice(0, MOST_LOOKED_AT);
  const sent = writes.flatMap((operation) => {
    const [written] = writesOf(operation);
    const [request] = operations.requestsOf(operation);
    if (written === undefined || request === undefined) return [];
    return placedIn(messages.bodyOf(request)).map(({ name, value }) => ({
      name,
      isKey: jsonEquals(value, written.key),
    }));
  });
  const others = new Set(sent.flatMap(({ name, isKey }) => (isKey ? [] : [name])));
  return new Set(sent.flatMap(({ name, isKey }) => (isKey && !others.has(name) ? [name] : [])));
}

/** Returns all values of a body but those of the protocol's own fields. */
function placedIn(body: JsonObject): readonly Placed[] {
  const found: Placed[] = [];
  const fields = Object.entries(body).filter(([name]) => !PROTOCOL_FIELDS.has(name));
  visit(Object.fromEntries(fields), NOWHERE, found);
  return found;
}

type Place = Omit<Placed, 'value'>;

const NOWHERE: Place = { place: '', name: '', beside: new Set(), numbers: [], isMicroOp: false };

function visit(value: Json, at: Place, found: Placed[], depth = 0): void {
  if (depth > DEEPEST) return;
  const items = elementsOf(value);
  const entries = entriesOf(value);
  if (items === undefined && entries === undefined) found.push({ ...at, value });
  for (const [index, item] of (items ?? []).entries())
    visit(item, placeOfItem(items ?? [], index, at), found, depth + 1);
  const values = (entries ?? []).map(([, item]) => item);
  for (const [name, item] of entries ?? [])
    visit(item, placeOfEntry(textOf(name), values, at), found, depth + 1);
}

function placeOfItem(items: readonly Json[], index: number, at: Place): Place {
  if (MICRO_OPS.has(wordOf(items[0] ?? null) ?? '') && items.length === LONGEST_TUPLE) {
    const isMicroOp = index === LONGEST_TUPLE - 1;
    return {
      ...at,
      place: `${at.place}[${index}]`,
      name: '',
      beside: withTexts(at.beside, items),
      isMicroOp,
    };
  }
  // Of a pair, such as an offset and a message, each part has a meaning of its own.
  const isTuple =
    !at.isMicroOp &&
    items.length > 1 &&
    items.length <= LONGEST_TUPLE &&
    items.every((item) => typeof item !== 'object' || item === null);
  const part = isTuple ? `[${index}]` : '[]';
  return {
    ...at,
    place: `${at.place}${part}`,
    name: `${at.name}${part}`,
    beside: isTuple ? withTexts(at.beside, items) : at.beside,
  };
}

function placeOfEntry(name: string, values: readonly Json[], at: Place): Place {
  // A name that is a number is the key of a map.
  return /^-?\d+$/.test(name)
    ? {
        ...at,
        place: `${at.place}.*`,
        beside: withTexts(at.beside, [name]),
        numbers: [...at.numbers, name],
        isMicroOp: false,
      }
    : { ...at, place: `${at.place}.${name}`, name, beside: withTexts(at.beside, values), isMicroOp: false };
}

const withTexts = (beside: ReadonlySet<string>, values: readonly Json[]): ReadonlySet<string> =>
  new Set([
    ...beside,
    ...values.flatMap((value) => (typeof value === 'object' && value !== null ? [] : [textOf(value)])),
  ]);
