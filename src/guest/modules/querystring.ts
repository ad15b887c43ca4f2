/** `node:querystring`: the legacy parser and serializer of `a=1&b=2`. */
import { Buffer } from '../bytes/buffer.ts';

type Query = Record<string, string | string[]>;
type Convert = (text: string) => string;

/** Decodes percent escapes; invalid UTF-8 becomes replacement characters, and an incomplete escape is kept. */
function unescape(text: unknown): string {
  const escaped = String(text);
  try {
    return decodeURIComponent(escaped);
  } catch {
    return unescapeBuffer(escaped).toString();
  }
}

function unescapeBuffer(text: string): Buffer {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function escape(value: unknown): string {
  const text = String(value);
  if (!/[\ud800-\udfff]/.test(text)) return encodeURIComponent(text);
  try {
    return encodeURIComponent(text);
  } catch {
    throw Object.assign(new URIError('URI malformed'), { code: 'ERR_INVALID_URI' });
  }
}

function parse(
  text: unknown,
  separator?: string | null,
  equals?: string | null,
  options: { readonly maxKeys?: number; readonly decodeURIComponent?: Convert } | null = {},
): Query {
  const query = Object.create(null) as Query; // with no names of its own
  if (typeof text !== 'string' || text === '') return query;
  const equal = orElse(equals, '=');
  const { maxKeys = 1000, decodeURIComponent: decode = querystringModule.unescape } = options ?? {};
  const read = (part: string): string => {
    const spaced = part.replaceAll('+', ' ');
    try {
      return decode(spaced);
    } catch {
      return unescape(spaced); // as Node does when the program's own function throws
    }
  };
  const parts = text.split(orElse(separator, '&'));
  for (const part of maxKeys > 0 ? parts.slice(0, maxKeys) : parts) {
    if (part === '') continue;
    const at = part.indexOf(equal);
    const key = read(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : read(part.slice(at + equal.length));
    const known = query[key];
    if (known === undefined) query[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else query[key] = [known, value];
  }
  return query;
}

function stringify(
  query: unknown,
  separator?: string | null,
  equals?: string | null,
  options: { readonly encodeURIComponent?: Convert } | null = {},
): string {
  if (typeof query !== 'object' || query === null) return '';
  const encode = options?.encodeURIComponent ?? querystringModule.escape;
  const equal = orElse(equals, '=');
  const pairs = Object.entries(query).flatMap(([key, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((item) => encode(key) + equal + encode(asText(item))),
  );
  return pairs.join(orElse(separator, '&'));
}

const orElse = (given: string | null | undefined, usual: string): string => given || usual;

/** Returns the text of a value; empty for objects, functions and numbers that are not finite. */
function asText(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return /^(?:string|bigint|boolean)$/.test(typeof value) ? String(value) : '';
}

/** A program may replace `escape` and `unescape`. */
export const querystringModule = {
  decode: parse,
  encode: stringify,
  escape,
  parse,
  stringify,
  unescape,
  unescapeBuffer,
};
