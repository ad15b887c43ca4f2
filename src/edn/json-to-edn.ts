/** Converts JSON-like values (results, values of operations) to EDN. */
import { JsonNumber, RichValue, isJsonArray, type Json } from '../protocol/json.ts';
import { writeEdnInteger, writeEdnNumber, writeEdnString } from './edn-text.ts';
import { EdnMap, Keyword, type Edn } from './edn-value.ts';

/** Values that can be converted: JSON, with undefined for what is left out. */
export type JsonLike = Json | undefined | readonly JsonLike[] | { readonly [key: string]: JsonLike };

export interface JsonToEdnOptions {
  /** How keys of objects are written; `keywords` makes keywords of those that are valid names. */
  readonly keys: 'keywords' | 'strings';
  /**
   * Which strings among the values become keywords; none by default. `path` leads to the string by keys and indexes,
   * and is valid only during the call.
   */
  readonly keywordValue?: (value: string, path: readonly (string | number)[]) => boolean;
  /**
   * Converts an object (such as an operation) itself, given its path; undefined leaves it to the default conversion.
   */
  readonly object?: (
    value: { readonly [key: string]: JsonLike },
    path: readonly (string | number)[],
  ) => Edn | undefined;
}

/** Converts results and the like to EDN: `{"valid?": true}` becomes `{:valid? true}`. */
export function jsonToEdn(value: JsonLike, options: JsonToEdnOptions): Edn {
  return turned(value, [], options);
}

function turned(value: JsonLike, path: (string | number)[], options: JsonToEdnOptions): Edn {
  if (typeof value === 'string') {
    return options.keywordValue?.(value, path) === true && isKeywordName(value) ? Keyword.of(value) : value;
  }
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || value instanceof JsonNumber) return value;
  if (value instanceof RichValue) return value as Edn; // only EDN has rich values
  const within = (step: string | number, inner: JsonLike): Edn => {
    path.push(step);
    const result = turned(inner, path, options);
    path.pop();
    return result;
  };
  if (Array.isArray(value)) {
    return (value as readonly JsonLike[]).map((item, index) => within(index, item)); // Array.isArray loses readonly
  }
  const object = value as { readonly [key: string]: JsonLike }; // all other types are handled above
  const special = options.object?.(object, path);
  if (special !== undefined) return special;
  const entries: [Edn, Edn][] = [];
  for (const [key, field] of Object.entries(object)) {
    if (field === undefined) continue;
    const name = options.keys === 'keywords' && isKeywordName(key) ? Keyword.of(key) : key;
    entries.push([name, within(key, field)]);
  }
  return new EdnMap(entries);
}

/** Whether a text can be written as a keyword that every EDN reader accepts: `valid?`, `start-partition`, `a/b`. */
export function isKeywordName(text: string): boolean {
  return /^[A-Za-z*!_?<>=][\w*!?<>=.+'-]*(?:\/[A-Za-z*!_?<>=][\w*!?<>=.+'-]*)?$/.test(text);
}

/**
 * Writes a JSON value as EDN directly, with strings for keys: the same as `writeEdn(jsonToEdn(value, {keys:
 * 'strings'}))`, without the intermediate objects. For histories, where every operation's value is written by this.
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
