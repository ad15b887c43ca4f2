/** Shows values of JSON in messages: as text, or by their kind. */
import { shownText } from '../shown-text.ts';
import { isJsonArray, isJsonObject, type Json } from './json-value.ts';
import { stringifyJson } from './json-writer.ts';

/** Returns a value as JSON for a message, safe to print and short. */
export function shownJson(value: Json | undefined): string {
  return value === undefined ? 'missing' : shownText(stringifyJson(value), 100);
}

/** Returns the kind of a value in words: `a string`, `an array`, ... */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean';
  if (isJsonArray(value)) return 'an array';
  return isJsonObject(value) ? 'an object' : 'a number';
}
