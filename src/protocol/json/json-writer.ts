/**
 * Writes JSON without losing digits.
 *
 * `JSON.stringify` does it unless a bigint or a `JsonNumber` is inside: both make it throw, and then the writer below
 * takes over.
 */
import {
  JsonNumber,
  NEEDS_OWN_WRITER,
  RichValue,
  isJsonArray,
  isJsonObject,
  type Json,
} from './json-value.ts';

/**
 * Writes a value as JSON; `parseJson(stringifyJson(x))` equals `x`, except for types that JSON does not have. Undefined
 * fields are left out.
 */
export function stringifyJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error !== NEEDS_OWN_WRITER && !(error instanceof TypeError)) throw error;
    return written(value);
  }
}

function written(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof RichValue) return written(value.json);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${written(field)}`);
  }
  return `{${fields.join(',')}}`;
}

/**
 * Returns a value for a sentence: as JSON, but with types that JSON lacks in their own notation, so that :a is not "a".
 */
export function valueText(value: Json): string {
  if (value instanceof RichValue) return value.toString();
  if (isJsonArray(value)) return `[${value.map(valueText).join(',')}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${valueText(field)}`);
  return `{${fields.join(',')}}`;
}
