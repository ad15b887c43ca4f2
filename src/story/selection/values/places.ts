/** The places at which a message's body has values: `values[]` for the items of a list, `data.value` within a map. */
import { elementsOf, entriesOf, valueText, type Json, type JsonObject } from '../../../protocol/json.ts';

const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
const DEEPEST = 12;

/** `value` is no list or map. All items of a list have the same place. */
type OnValue = (place: string, value: Json) => void;

/** Calls `on` for each value outside of the protocol's own fields. */
export function eachPlace(body: JsonObject, on: OnValue): void {
  for (const [field, value] of Object.entries(body))
    if (!PROTOCOL_FIELDS.has(field)) eachPlaceWithin(value, field, on);
}

/** Calls `on` for each value within one at `place`. */
export function eachPlaceWithin(value: Json, place: string, on: OnValue, depth = 0): void {
  if (depth > DEEPEST) return;
  const items = elementsOf(value);
  const entries = entriesOf(value);
  if (items === undefined && entries === undefined) on(place, value);
  for (const item of items ?? []) eachPlaceWithin(item, itemOf(place), on, depth + 1);
  for (const [name, item] of entries ?? []) eachPlaceWithin(item, fieldOf(place, name), on, depth + 1);
}

/** Calls `on` for each name within a value, with the place of its map. */
export function eachNameWithin(
  value: Json,
  place: string,
  on: (place: string, name: Json) => void,
  depth = 0,
): void {
  if (depth > DEEPEST) return;
  for (const item of elementsOf(value) ?? []) eachNameWithin(item, itemOf(place), on, depth + 1);
  for (const [name, item] of entriesOf(value) ?? []) {
    on(place, name);
    eachNameWithin(item, fieldOf(place, name), on, depth + 1);
  }
}

/** Calls `on` for each map within a value, with its place. */
export function eachMapWithin(
  value: Json,
  place: string,
  on: (place: string, map: Json) => void,
  depth = 0,
): void {
  if (depth > DEEPEST) return;
  const entries = entriesOf(value);
  if (entries !== undefined) on(place, value);
  for (const item of elementsOf(value) ?? []) eachMapWithin(item, itemOf(place), on, depth + 1);
  for (const [name, item] of entries ?? []) eachMapWithin(item, fieldOf(place, name), on, depth + 1);
}

/** True if the text has the value as a word: it may be encoded in a way that is not decoded. */
export const isInText = (text: string, value: Json): boolean =>
  text.split(/\W+/).includes((typeof value === 'string' ? value : valueText(value)).replace('-', ''));

export const itemOf = (place: string): string => `${place}[]`;
export const fieldOf = (place: string, name: Json): string =>
  `${place}.${typeof name === 'string' ? name : '?'}`;

/** `values[]` and `data.values[]` have the name `values`. */
export const nameOf = (place: string): string => /([^.[\]]*)(?:\[\])*$/.exec(place)?.[1] ?? '';
