/**
 * Writes values for sentences: lists without commas, objects without quotes, as in
 * `{…, key: 1, entries: [[2 7] (3 more)]}`. A value that is too long is abbreviated; the parts for which it is shown,
 * the followed values of a story, are abbreviated last.
 */
import { EncodedValue } from './encoded-value.ts';
import {
  elementsOf,
  entriesOf,
  isJsonObject,
  jsonEquals,
  RichValue,
  valueText,
  type Json,
  type JsonObject,
} from './json.ts';
import { shownText } from './shown-text.ts';

export interface Followed {
  has(value: Json): boolean;
  /** Whether any of these values is followed, or contains a followed value. */
  isWithin(...values: readonly Json[]): boolean;
  /**
   * Whether these contain a whole set of followed values, such as a key and its value. (A part may match by accident,
   * such as the number of a request.)
   */
  isWhole(...values: readonly Json[]): boolean;
}

export const NOTHING_FOLLOWED: Followed = { has: () => false, isWithin: () => false, isWhole: () => false };

/** Maximum number of characters of any value: people do not read longer ones. */
export const LONGEST_VALUE = 80;
/** An excess that is not worth a cut in the middle of a word, in characters. */
const ALMOST = 8;
const LEAST = 16;
const LONGEST_SCALAR = 40;
const LONGEST_FOLLOWED = 60;
const DEEPEST = 8;
/** Maximum depth at which parts are rewritten to use spare room: each level doubles the work. */
const DEEPEST_GROWING = 3;
/** Maximum number of followed parts shown of a list or an object, which may contain a thousand. */
const MOST_FOLLOWED = 6;
/** Characters reserved for the marks of gaps. */
const GAPS = 6;
const GAP = '…';
/** Tried in order, until the text is short enough. */
const TRIES: readonly Allowance[] = [
  { share: 0.7, mostFollowed: MOST_FOLLOWED },
  { share: 0.55, mostFollowed: MOST_FOLLOWED },
  { share: 0.4, mostFollowed: 4 },
  { share: 0.2, mostFollowed: 3 },
  { share: 0, mostFollowed: 2 },
  { share: 0, mostFollowed: 1 },
];

interface Allowance {
  /** The share of the whole value's room for its parts that contain followed values. */
  readonly share: number;
  readonly mostFollowed: number;
}

/** Returns the value on one line, safe to show. */
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
  // The number of characters of an abbreviated text would be meaningless.
  return shown.length <= longest + ALMOST ? shown : `${shown.slice(0, longest)}...`;
}

/** Formats a value in words without abbreviation; undefined if that is longer than `longest`. */
export function wholeInWords(value: Json, longest: number): string | undefined {
  // Text in words is shorter than JSON by a few characters at most, so a much longer JSON text is skipped.
  if (valueText(value).length > longest * 2) return undefined;
  if (value instanceof EncodedValue) {
    const inner = wholeInWords(value.decoded, longest);
    return inner === undefined ? undefined : `${encodingStart(value)}${inner}`;
  }
  const elements = elementsOf(value);
  const entries = isJsonObject(value) ? Object.entries(value) : entriesOf(value);
  const inside = (part: Json): string => wholeInWords(part, longest) ?? ' '.repeat(longest);
  const whole =
    elements !== undefined
      ? inBrackets(value, elements.map((element) => inside(element)).join(' '))
      : entries !== undefined
        ? `{${entries.map(([key, part]) => `${entryStart(key)}${inside(part)}`).join(', ')}}`
        : shownText(value === null ? 'null' : valueText(value), longest);
  return whole.length <= longest ? whole : undefined;
}

/** Returns the informative fields of a body: not its type, and not the numbers of requests. */
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

/** `text of [1 2]` is what a node keeps as the text `[1,2]`. */
const encodingStart = ({ encoding }: EncodedValue): string => `${encoding} of `;

interface Showing {
  readonly followed: Followed;
  readonly allowance: Allowance;
}

function text(value: Json, showing: Showing, limit: number, depth: number): string {
  if (value instanceof EncodedValue) {
    const start = encodingStart(value);
    return `${start}${text(value.decoded, showing, limit - start.length, depth)}`;
  }
  const elements = elementsOf(value);
  if (elements !== undefined) return inBrackets(value, listText(elements, showing, limit, depth));
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

/** Escaped characters make the text longer; then less of it is shown. */
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
  /** Whether its name is followed, such as a log's key in a poll that skipped the followed messages. */
  readonly isNamed?: boolean;
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
  return joined(parts, { limit, depth, allowance, separator: ' ', gap });
}

/** A set of EDN is `#{1 2}`. */
function inBrackets(value: Json, elements: string): string {
  const [open, close] = value instanceof RichValue ? value.brackets : ['[', ']'];
  return `${open}${elements}${close}`;
}

/** Returns the key of an entry, with what separates it from its value: `key: 1`, and in EDN `:key 1`. */
const entryStart = (key: Json): string =>
  typeof key === 'string'
    ? `${shownText(key, LONGEST_SCALAR)}: `
    : `${shownText(valueText(key), LONGEST_SCALAR)} `;

type Entry = readonly [key: Json, value: Json];

function objectText(entries: readonly Entry[], showing: Showing, limit: number, depth: number): string {
  const { followed, allowance } = showing;
  const same = sameInBoth(entries);
  const parts = entries.map(([key, value]): Part => {
    const name = entryStart(key);
    const changed = changedEntries(key, value, same);
    const shown = (room: number): string =>
      changed === undefined
        ? text(value, showing, room, depth + 1)
        : changedText(changed, showing, room, depth + 1);
    return {
      matters: changed !== undefined || followed.isWithin(key, value),
      isNamed: followed.has(key),
      isWhole: followed.isWhole(key, value),
      text: (room) => `${name}${shown(room - name.length)}`,
    };
  });
  return `{${joined(parts, { limit, depth, allowance, separator: ', ', gap: () => GAP })}}`;
}

/** Returns the fields that are equal in `from` and `to` of a compare-and-set on objects, which need not be shown. */
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

/** Returns the changed entries, with a mark for those that are the same. */
function changedText(entries: readonly Entry[], showing: Showing, limit: number, depth: number): string {
  const inner = objectText(entries, showing, limit - 3, depth).slice(1, -1);
  return inner === '' || inner === '…' ? '{…}' : `{…, ${inner}}`;
}

interface Joining {
  readonly limit: number;
  readonly depth: number;
  readonly allowance: Allowance;
  readonly separator: string;
  /** Returns the mark for parts that are left out. */
  readonly gap: (left: number) => string;
}

/** Joins all parts that matter, and as many of the others as fit, with gaps for those left out. */
function joined(parts: readonly Part[], { limit, depth, allowance, separator, gap }: Joining): string {
  const [most = []] = [
    parts.filter(({ isWhole }) => isWhole),
    parts.filter(({ isNamed }) => isNamed),
    parts.filter(({ matters }) => matters),
  ].filter((some) => some.length > 0);
  const mattering = most.slice(0, allowance.mostFollowed);
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
  // Room that one part does not need is available to others.
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
