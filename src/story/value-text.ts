/**
 * Values within sentences: lists without commas, objects without quotes, as in `{…, key: 1, entries: [[2 7] (3 more)]}`. A value
 * that is too long is abbreviated, but never by that part of it for which it is shown: the values that the story follows.
 */
import {
  elementsOf,
  entriesOf,
  isJsonObject,
  valueText,
  type Json,
  type JsonObject,
} from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';

export interface Followed {
  /** Whether it is one of the values that matter. */
  has(value: Json): boolean;
  /** Whether it, or anything in it, is. */
  isWithin(value: Json): boolean;
}

export const NOTHING_FOLLOWED: Followed = { has: () => false, isWithin: () => false };

/** Characters, of what need not be shown. */
const LONG = 90;
const LEAST = 16;
const LONGEST_SCALAR = 40;
const LONGEST_FOLLOWED = 120;
const DEEPEST = 8;
/** What is hardly longer than the mark of a gap is shown in its place. */
const GAP = 18;
/** Of a list or an object that holds a thousand followed values, too, only some are shown. */
const MOST_FOLLOWED = 6;

/** One line; safe to show. */
export function valueInWords(value: Json, followed: Followed = NOTHING_FOLLOWED, limit = LONG): string {
  return text(value, followed, limit, 0);
}

/** The fields of a body that say something: not its type, and not the numbers of requests. */
export function bodyInWords(body: JsonObject, followed: Followed = NOTHING_FOLLOWED, limit = LONG): string {
  const fields = sayingFields(body);
  return isEmptyObject(fields) ? '' : valueInWords(fields, followed, limit);
}

export function sayingFields(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'type' && name !== 'msg_id' && name !== 'in_reply_to'),
  );
}

const isEmptyObject = (fields: JsonObject): boolean => Object.keys(fields).length === 0;

function text(value: Json, followed: Followed, limit: number, depth: number): string {
  const elements = elementsOf(value);
  if (elements !== undefined) return listText(elements, followed, limit, depth);
  const entries = isJsonObject(value) ? Object.entries(value) : entriesOf(value);
  if (entries !== undefined) return objectText(entries, followed, limit, depth);
  if (value === null) return 'null';
  return shownText(
    valueText(value),
    followed.has(value) ? LONGEST_FOLLOWED : Math.max(LEAST, Math.min(limit, LONGEST_SCALAR)),
  );
}

interface Part {
  readonly matters: boolean;
  readonly text: (limit: number) => string;
}

function listText(elements: readonly Json[], followed: Followed, limit: number, depth: number): string {
  const parts = elements.map((element): Part => ({
    matters: followed.isWithin(element),
    text: (room) => text(element, followed, room, depth + 1),
  }));
  return `[${joined(parts, { limit, depth, separator: ' ', gap: (left) => `(${left} more)` })}]`;
}

function objectText(
  entries: readonly (readonly [key: Json, value: Json])[],
  followed: Followed,
  limit: number,
  depth: number,
): string {
  const parts = entries.map(([key, value]): Part => {
    const name = shownText(typeof key === 'string' ? key : valueText(key), LONGEST_SCALAR);
    return {
      matters: followed.has(key) || followed.isWithin(value),
      text: (room) => `${name}: ${text(value, followed, room - name.length - 2, depth + 1)}`,
    };
  });
  return `{${joined(parts, { limit, depth, separator: ', ', gap: () => '…' })}}`;
}

interface Joining {
  readonly limit: number;
  readonly depth: number;
  readonly separator: string;
  /** Stands for parts that are left out. */
  readonly gap: (left: number) => string;
}

/** All parts that matter, and of the others as many as there is room for; a gap stands for those in between. */
function joined(parts: readonly Part[], { limit, depth, separator, gap }: Joining): string {
  const mattering = parts.filter(({ matters }) => matters).slice(0, MOST_FOLLOWED);
  const isTooDeep = depth >= DEEPEST;
  const share = Math.max(LEAST, Math.floor(limit / Math.max(1, Math.min(3, mattering.length))));
  const texts = new Map<Part, string>();
  let room = limit;
  const add = (part: Part, size: number): void => {
    const shown = part.text(size);
    if (!part.matters && shown.length > Math.max(room, GAP)) return;
    texts.set(part, shown);
    room -= shown.length + separator.length;
  };
  for (const part of mattering) add(part, share);
  if (!isTooDeep) {
    for (const part of parts) {
      if (room < -limit) break;
      if (!texts.has(part)) add(part, Math.max(LEAST, room));
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
