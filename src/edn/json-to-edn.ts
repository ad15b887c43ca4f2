/** Converts JSON-like values (results, values of operations) to EDN. */
import { JsonNumber, RichValue, isJsonArray, type Json } from '../protocol/json.ts';
import { writeEdnInteger, writeEdnNumber, writeEdnString } from './edn-text.ts';
import { EdnMap, type Edn } from './edn-value.ts';

/** Values that can be converted: JSON, with undefined for what is left out. */
export type JsonLike = Json | undefined | readonly JsonLike[] | { readonly [key: string]: JsonLike };

/** Converts a JSON value to EDN, with strings for keys. Fields that are undefined are left out. */
export function jsonToEdn(value: JsonLike): Edn {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || value instanceof JsonNumber) return value;
  if (value instanceof RichValue) return value as Edn; // only EDN has rich values
  if (Array.isArray(value)) return (value as readonly JsonLike[]).map((item) => jsonToEdn(item)); // Array.isArray loses readonly
  const fields = Object.entries<JsonLike>(value).filter(([, field]) => field !== undefined);
  return new EdnMap(fields.map(([key, field]) => [key, jsonToEdn(field)]));
}

/** Whether a text can be written as a keyword that every EDN reader accepts: `valid?`, `start-partition`, `a/b`. */
export function isKeywordName(text: string): boolean {
  return /^[A-Za-z*!_?<>=][\w*!?<>=.+'-]*(?:\/[A-Za-z*!_?<>=][\w*!?<>=.+'-]*)?$/.test(text);
}

/**
 * Writes a JSON value as EDN directly, with strings for keys: the same as `writeEdn(jsonToEdn(value))`, without the intermediate objects. For histories, where every operation's value is written by this.
 */
export function writeJsonAsEdn(value: Json): string {
  if (typeof value === 'string') return writeEdnString(value);
  if (typeof value === 'number') return writeEdnNumber(value);
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return writeEdnInteger(value);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof RichValue) return value.toString();
  if (isJsonArray(value)) return `[${value.map(writeJsonAsEdn).join(' ')}]`;
  const entries: string[] = [];
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) entries.push(`${writeEdnString(key)} ${writeJsonAsEdn(field)}`);
  }
  return `{${entries.join(', ')}}`;
}
