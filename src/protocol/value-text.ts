/**
 * Values within sentences: lists without commas, objects without quotes, as in `{…, key: 1, entries: [[2 7] (3 more)]}`. A value
 * that is too long is abbreviated, last of all by that part of it for which it is shown: the values that the story follows.
 */
import {
  elementsOf,
  entriesOf,
  isJsonObject,
  jsonEquals,
  valueText,
  type Json,
  type JsonObject,
} from './json.ts';
import { shownText } from './shown-text.ts';

export interface Followed {
  /** Whether it is one of the values that matter. */
  has(value: Json): boolean;
  /** Whether any of these is, or anything in them. */
  isWithin(...values: readonly Json[]): boolean;
  /** Whether they hold all of one set of them, such as a key and its value: a request may have the number of another value. */
  isWhole(...values: readonly Json[]): boolean;
}

export const NOTHING_FOLLOWED: Followed = { has: () => false, isWithin: () => false, isWhole: () => false };

/** Characters of a value, whatever it holds: what is longer is not read. */
export const LONGEST_VALUE = 80;
/** Not worth a cut in the middle of a word. */
const ALMOST = 8;
const LEAST = 16;
const LONGEST_SCALAR = 40;
const LONGEST_FOLLOWED = 60;
const DEEPEST = 8;
/** Each level of it doubles what is written. */
const DEEPEST_GROWING = 3;
/** Of a list or an object that holds a thousand followed values, too, only some are shown. */
const MOST_FOLLOWED = 6;
/** Characters for the marks of gaps. */
const GAPS = 6;
const GAP = '…';
/** What is tried in turn, until the text is short enough. */
const TRIES: readonly Allowance[] = [
  { share: 0.7, mostFollowed: MOST_FOLLOWED },
  { share: 0.55, mostFollowed: MOST_FOLLOWED },
  { share: 0.4, mostFollowed: 4 },
  { share: 0.2, mostFollowed: 3 },
  { share: 0, mostFollowed: 2 },
  { share: 0, mostFollowed: 1 },
];

interface Allowance {
  /** Of the room of the whole value: what those of its parts get that hold what is followed. */
  readonly share: number;
  readonly mostFollowed: number;
}

/** One line; safe to show. */
export function valueInWords(
  value: Json,
  followed: Followed = NOTHING_FOLLOWED,
  longest = LONGEST_VALUE,
): string {
  let shown = '';
  for (const [at, allowance] of TRIES.entries()) {
    shown = text(value, { followed, allowance }, longest - 2 - at * GAPS, 0);
    if (shown.length <= longest) return shown;
  }
  // Of what is abbreviated already the number of characters says nothing.
  return shown.length <= longest + ALMOST ? shown : `${shown.slice(0, longest)}...`;
}

/** In the same words, and nothing abbreviated; undefined where that is longer. */
export function wholeInWords(value: Json, longest: number): string | undefined {
  // What is longer as JSON is longer in words by a few characters at most.
  if (valueText(value).length > longest * 2) return undefined;
  const elements = elementsOf(value);
  const entries = isJsonObject(value) ? Object.entries(value) : entriesOf(value);
  const inside = (part: Json): string => wholeInWords(part, longest) ?? ' '.repeat(longest);
  const whole =
    elements !== undefined
      ? `[${elements.map((element) => inside(element)).join(' ')}]`
      : entries !== undefined
        ? `{${entries.map(([key, part]) => `${shownText(typeof key === 'string' ? key : valueText(key), LONGEST_SCALAR)}: ${inside(part)}`).join(', ')}}`
        : shownText(value === null ? 'null' : valueText(value), longest);
  return whole.length <= longest ? whole : undefined;
}

/** The fields of a body that say something: not its type, and not the numbers of requests. */
export function bodyInWords(body: JsonObject, followed: Followed = NOTHING_FOLLOWED): string {
  const fields = sayingFields(body);
  return isEmptyObject(fields) ? '' : valueInWords(fields, followed);
}

export function sayingFields(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'type' && name !== 'msg_id' && name !== 'in_reply_to'),
  );
}

const isEmptyObject = (fields: JsonObject): boolean => Object.keys(fields).length === 0;

interface Showing {
  readonly followed: Followed;
  readonly allowance: Allowance;
}

function text(value: Json, showing: Showing, limit: number, depth: number): string {
  const elements = elementsOf(value);
  if (elements !== undefined) return listText(elements, showing, limit, depth);
  const entries = isJsonObject(value) ? Object.entries(value) : entriesOf(value);
  if (entries !== undefined) return objectText(entries, showing, limit, depth);
  if (value === null) return 'null';
  return scalarText(
    valueText(value),
    showing.followed.has(value) ? LONGEST_FOLLOWED : Math.max(LEAST, Math.min(limit, LONGEST_SCALAR)),
  );
}

/** `... (2062 characters)` */
const ENDING = 24;

/** What does not show is spelled out, and makes it longer: then less of it is shown. */
function scalarText(whole: string, longest: number): string {
  let shown = '';
  for (let limit = longest; limit >= LEAST / 2; limit = Math.floor(limit / 2)) {
    shown = shownText(whole, limit);
    if (shown.length <= longest + ENDING) break;
  }
  return shown;
}

interface Part {
  readonly matters: boolean;
  readonly isWhole: boolean;
  readonly text: (limit: number) => string;
}

function listText(elements: readonly Json[], showing: Showing, limit: number, depth: number): string {
  const { followed, allowance } = showing;
  const parts = elements.map((element): Part => ({
    matters: followed.isWithin(element),
    isWhole: followed.isWhole(element),
    text: (room) => text(element, showing, room, depth + 1),
  }));
  const gap = (left: number): string => `(${left} more)`;
  return `[${joined(parts, { limit, depth, allowance, separator: ' ', gap })}]`;
}

type Entry = readonly [key: Json, value: Json];

function objectText(entries: readonly Entry[], showing: Showing, limit: number, depth: number): string {
  const { followed, allowance } = showing;
  const same = sameInBoth(entries);
  const parts = entries.map(([key, value]): Part => {
    const name = shownText(typeof key === 'string' ? key : valueText(key), LONGEST_SCALAR);
    const changed = changedEntries(key, value, same);
    const shown = (room: number): string =>
      changed === undefined
        ? text(value, showing, room, depth + 1)
        : changedText(changed, showing, room, depth + 1);
    return {
      matters: changed !== undefined || followed.isWithin(key, value),
      isWhole: followed.isWhole(key, value),
      text: (room) => `${name}: ${shown(room - name.length - 2)}`,
    };
  });
  return `{${joined(parts, { limit, depth, allowance, separator: ', ', gap: () => GAP })}}`;
}

/** Of a compare-and-set from one object to another, what is the same in both: it is not worth a word. */
function sameInBoth(entries: readonly Entry[]): ReadonlySet<string> {
  const of = (name: string): Json => entries.find(([key]) => key === name)?.[1] ?? null;
  const [from, to] = [of('from'), of('to')];
  if (!isJsonObject(from) || !isJsonObject(to)) return new Set();
  const isSame = (name: string): boolean => jsonEquals(from[name] ?? null, to[name] ?? null);
  return new Set(Object.keys(from).filter((name) => Object.hasOwn(to, name) && isSame(name)));
}

function changedEntries(key: Json, value: Json, same: ReadonlySet<string>): readonly Entry[] | undefined {
  return same.size > 0 && (key === 'from' || key === 'to') && isJsonObject(value)
    ? Object.entries(value).filter(([name]) => !same.has(name))
    : undefined;
}

/** With a mark for what is the same. */
function changedText(entries: readonly Entry[], showing: Showing, limit: number, depth: number): string {
  const inner = objectText(entries, showing, limit - 3, depth).slice(1, -1);
  return inner === '' || inner === '…' ? '{…}' : `{…, ${inner}}`;
}

interface Joining {
  readonly limit: number;
  readonly depth: number;
  readonly allowance: Allowance;
  readonly separator: string;
  /** Stands for parts that are left out. */
  readonly gap: (left: number) => string;
}

/** All parts that matter, and of the others as many as there is room for; a gap stands for those in between. */
function joined(parts: readonly Part[], { limit, depth, allowance, separator, gap }: Joining): string {
  const whole = parts.filter(({ isWhole }) => isWhole);
  const mattering = (whole.length > 0 ? whole : parts.filter(({ matters }) => matters)).slice(
    0,
    allowance.mostFollowed,
  );
  const left = depth === 0 ? limit * allowance.share : limit;
  const share = Math.floor(left / Math.max(1, Math.min(3, mattering.length)));
  const texts = new Map<Part, string>();
  let room = limit;
  const add = (part: Part, shown: string): void => {
    texts.set(part, shown);
    room -= shown.length + separator.length;
  };
  for (const part of mattering) add(part, part.text(share));
  if (depth < DEEPEST) {
    for (const part of parts) {
      if (room <= 0) break;
      if (texts.has(part)) continue;
      const shown = part.text(room);
      if (shown.length <= room) add(part, shown);
    }
  }
  // What one part needs less of its share than it has is another's.
  if (depth < DEEPEST_GROWING) {
    room -= GAPS * withGaps(parts, texts, () => GAP).filter((shown) => shown === GAP).length;
    for (const part of mattering) {
      const shown = texts.get(part);
      if (room <= 0 || shown === undefined) continue;
      const longer = part.text(shown.length + room);
      const growth = longer.length - shown.length;
      if (growth <= 0 || growth > room) continue;
      texts.set(part, longer);
      room -= growth;
    }
  }
  return withGaps(parts, texts, gap).join(separator);
}

function withGaps(
  parts: readonly Part[],
  texts: ReadonlyMap<Part, string>,
  gap: (left: number) => string,
): readonly string[] {
  const shown: string[] = [];
  let left = 0;
  for (const part of parts) {
    const known = texts.get(part);
    if (known === undefined) left++;
    else {
      if (left > 0) shown.push(gap(left));
      left = 0;
      shown.push(known);
    }
  }
  return left > 0 ? [...shown, gap(left)] : shown;
}
