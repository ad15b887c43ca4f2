/**
 * Which fields of messages between servers hold what clients sent, and which hold numbers that only look like it: terms,
 * indices, counters. A number can have come from a client only if its sender had received it before:
 *
 *     n3 ── heartbeat {term: 1, beat: 1} ──> n1      before any request with 1 reached n3: `beat` is a counter
 *     c5 ── broadcast 1 ──> n2 ── tell {message: 1} ──> n1                  `message` holds what c5 sent
 *
 * A field in which a server sends such a number of which it cannot know holds no values of clients.
 */
import { entriesOf, type Json, type JsonObject } from '../../../protocol/json.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import type { StoryMessage } from '../../facts/story-messages.ts';
import type { FollowedValues } from './followed-values.ts';
import { eachPlace, fieldOf, itemOf } from './places.ts';

/** The number of messages that are looked at, the first ones. */
const MOST_LOOKED_AT = 20_000;
/** A field in which this many different numbers are of unknown origin is none of clients' values, whatever it holds later. */
const MANY = 2;

export class PayloadFields {
  /** Indexed by type: the places in bodies that hold no values of clients. */
  private readonly others: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(facts: StoryFacts, followed: FollowedValues) {
    this.others = followed.hasNumbers ? otherFields(facts, followed) : new Map();
  }

  /** Returns the body without the fields that hold no values of clients. */
  within(body: JsonObject): JsonObject {
    const { type } = body;
    const others = typeof type === 'string' ? this.others.get(type) : undefined;
    if (others === undefined) return body;
    const kept: Record<string, Json> = {};
    for (const [field, value] of Object.entries(body)) {
      const left = without(value, field, others);
      if (left !== undefined) kept[field] = left;
    }
    return kept;
  }
}

function otherFields(
  { messages, kindOf }: StoryFacts,
  followed: FollowedValues,
): ReadonlyMap<string, ReadonlySet<string>> {
  // Earlier messages may have brought what those at hand contain.
  if (messages.skipped > 0) return new Map();
  const lookedAt = messages.all.slice(0, MOST_LOOKED_AT);
  const ofClients = new Set<number>();
  for (const { id, src } of lookedAt)
    if (kindOf(src) === 'client') eachNumber(messages.bodyOf(id), (_, number) => ofClients.add(number));
  const known = new Map<string, Set<number>>();
  const unknown = new Map<string, Map<string, Set<number>>>();
  for (const { message, isArrival } of momentsOf(lookedAt)) {
    const { id, src, dest } = message;
    const own = known.get(isArrival ? dest : src) ?? new Set<number>();
    if (isArrival) known.set(dest, own);
    else if (kindOf(src) !== 'node' || kindOf(dest) === 'client') continue;
    const type = messages.typeOf(id);
    eachNumber(messages.bodyOf(id), (place, number) => {
      if (!ofClients.has(number)) return;
      if (isArrival) own.add(number);
      else if (!own.has(number)) {
        const places = unknown.get(type) ?? new Map<string, Set<number>>();
        unknown.set(type, places.set(place, (places.get(place) ?? new Set<number>()).add(number)));
      }
    });
  }
  const isOther = (numbers: ReadonlySet<number>): boolean =>
    numbers.size >= MANY || [...numbers].some((number) => followed.has(number));
  return new Map(
    [...unknown].flatMap(([type, places]) => {
      const others = [...places].flatMap(([place, numbers]) => (isOther(numbers) ? [place] : []));
      return others.length === 0 ? [] : [[type, new Set(others)] as const];
    }),
  );
}

interface Moment {
  readonly atNanos: number;
  readonly isArrival: boolean;
  readonly message: StoryMessage;
}

/** Returns when messages were sent and first arrived, in order; arrivals first. */
const momentsOf = (all: readonly StoryMessage[]): readonly Moment[] =>
  all
    .flatMap((message): Moment[] => [
      { atNanos: message.sentNanos, isArrival: false, message },
      ...message.arrivals.slice(0, 1).map((atNanos) => ({ atNanos, isArrival: true, message })),
    ])
    .toSorted(
      (a, b) =>
        a.atNanos - b.atNanos || Number(b.isArrival) - Number(a.isArrival) || a.message.id - b.message.id,
    );

function eachNumber(body: JsonObject, on: (place: string, number: number) => void): void {
  eachPlace(body, (place, value) => {
    if (typeof value === 'number') on(place, value);
  });
}

/** Returns what is left of the value; undefined if nothing is. */
function without(value: Json, place: string, others: ReadonlySet<string>): Json | undefined {
  if (others.has(place) && typeof value === 'number') return undefined;
  if (![...others].some((other) => other.length > place.length && other.startsWith(place))) return value;
  const items = Array.isArray(value) ? (value as readonly Json[]) : undefined;
  if (items !== undefined) return items.flatMap((item) => without(item, itemOf(place), others) ?? []);
  const entries = typeof value === 'object' && value !== null ? entriesOf(value) : undefined;
  if (entries === undefined) return value;
  return Object.fromEntries(
    entries.flatMap(([name, item]) => {
      const key = typeof name === 'string' ? name : '?';
      const left = without(item, fieldOf(place, name), others);
      return left === undefined ? [] : [[key, left]];
    }),
  );
}
