/**
 * Guesses why a value is not of the kind that was expected, from the habits of JSON libraries: R writes a text as a list
 * of one text, Erlang as a list of character codes, PHP a list with gaps as a map.
 */
import { unlessThrows } from '../unless-throws.ts';
import { parseJson } from './json-reader.ts';
import { isJsonArray, isJsonInteger, isJsonObject, type Json } from './json-value.ts';
import { valueText } from './json-writer.ts';

/** Returns a guess at the cause, a clause such as `it is a string: leave out the quotes`, or undefined. */
export function otherKindHint(seen: Json, expected: string): string | undefined {
  const kind = /^an? (string|integer|number|array|object)\b/.exec(expected)?.[1];
  if (isJsonObject(seen) && Object.keys(seen).length === 0)
    return kind === 'string'
      ? '{} is what JavaScript writes for an Error and Go for an error: send its message'
      : `${EMPTY_OBJECT}${kind === 'array' ? '; Lua and R write it for an empty list' : ''}`;
  if (kind === 'string' || expected.startsWith('"')) return textHint(seen);
  if (kind === undefined) return undefined;
  if (typeof seen === 'string') return hintForText(seen, kind);
  if (kind === 'array') return listHint(seen, expected);
  if (kind === 'object')
    return isJsonArray(seen) && seen.length === 0
      ? '[] is what PHP and Lua write for an empty map; in PHP, cast it to (object)'
      : undefined;
  return numberHint(seen);
}

const EMPTY_OBJECT =
  '{} is what JavaScript writes for a Promise, as where an await is missing, for a Set and for a Map';

/** A list in place of a text. */
function textHint(seen: Json): string | undefined {
  if (!isJsonArray(seen)) return undefined;
  if (seen.length === 1 && typeof seen[0] === 'string') return BOXED;
  return seen.length > 0 && seen.every(isCharacterCode)
    ? 'it is a list of character codes, which is what Erlang and Elixir write for a charlist: make it a binary, by list_to_binary or to_string'
    : undefined;
}

const BOXED =
  "R's toJSON writes a vector of length 1 as a list: toJSON(message, auto_unbox = TRUE) does not, except where I() or as.list() asks for one";

const isCharacterCode = (code: Json): boolean =>
  isJsonInteger(code) && Number(code) >= 0x20 && Number(code) <= 0x10ffff;

function listHint(seen: Json, expected: string): string | undefined {
  if (isJsonObject(seen))
    return Object.keys(seen).every((name) => /^\d+$/.test(name))
      ? 'PHP and Lua write a list as a map if its keys have gaps or do not begin at the first: in PHP, array_values() numbers them anew'
      : undefined;
  // Where null is allowed too, the value of a single element is more likely.
  return isJsonInteger(seen) && !expected.startsWith('an array or')
    ? "R's toJSON with auto_unbox writes a vector of length 1 so: I(elements) or as.list(elements) stays a list"
    : undefined;
}

function numberHint(seen: Json): string | undefined {
  if (seen === null)
    return 'null is what JavaScript writes for NaN, and other languages for a value that was never set';
  if (isJsonArray(seen)) return seen.length === 1 && isJsonInteger(seen[0]) ? BOXED : undefined;
  return INTEGRAL_FLOAT.test(valueText(seen))
    ? 'it is a float, which is a different value: print it without a fraction and without an exponent'
    : undefined;
}

const INTEGRAL_FLOAT = /^-?\d+(?:\.0*)?(?:[eE]\+?\d+)?$/;

/** What languages make of a value that is joined with a text. */
const JOINED: readonly (readonly [form: RegExp, hint: string])[] = [
  [/\[object Promise\]/, 'JavaScript makes such a text of a Promise: an await is missing'],
  [/<coroutine object /, 'Python makes such a text of a coroutine: an await is missing'],
  [/\[object \w+\]/, 'JavaScript makes such a text of an object that is added to a text or a number'],
];

/** A text that holds what was expected, or was made of another value. */
function hintForText(seen: string, kind: string): string | undefined {
  const joined = JOINED.find(([form]) => form.test(seen));
  if (joined !== undefined) return joined[1];
  if (kind === 'array' && seen.startsWith('#<Set: '))
    return 'Ruby writes a Set so: to_a makes an array of it';
  const held = seen.length > LONGEST_HELD ? undefined : unlessThrows(() => parseJson(seen));
  if (held === undefined) return undefined;
  if (isJsonInteger(held)) return kind === 'integer' ? 'it is a string: leave out the quotes' : undefined;
  return kind === (isJsonArray(held) ? 'array' : isJsonObject(held) ? 'object' : undefined)
    ? 'it is JSON within a string: put the value itself into the message, which is encoded as a whole'
    : undefined;
}

const LONGEST_HELD = 1000;
