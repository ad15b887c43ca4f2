/**
 * Lists and maps that a node keeps as a text: JSON, base64 of JSON, or integers in a row. `"[1,2]"`, `"WzEsMl0="` and `"1,2"` are
 * [1, 2] in three encodings. Decoded, they are searched and shown like any other value, and are still equal to their text only.
 */
import {
  elementsOf,
  entriesOf,
  isJsonArray,
  isJsonObject,
  parseJson,
  RichValue,
  type Json,
  type JsonObject,
} from './json.ts';

const DEEPEST = 12;
/** Matches the JSON of a body that may contain such a text. */
const MAY_CONTAIN = /"(?:[[{]|[We][w-z0-9+/_-]|-?\d+[,; |\\])/;
/** Base64 of a text that begins with `[` or `{`. */
const BASE64 = /^[We][w-z0-9+/_-][\w+/-]{2,}={0,2}$/;
const INTEGERS = /^-?\d{1,15}(?:[,; |\n]+-?\d{1,15})+\n?$/;

export class EncodedValue extends RichValue {
  constructor(
    private readonly text: string,
    readonly decoded: Json,
    /** `text` or `base64`. */
    readonly encoding: string,
  ) {
    super();
  }

  get canonical(): string {
    return JSON.stringify(this.text);
  }

  get json(): Json {
    return this.text;
  }

  override get plain(): Json {
    return this.text;
  }

  override get elements(): readonly Json[] | undefined {
    return elementsOf(this.decoded);
  }

  override get pairs(): readonly (readonly [key: Json, value: Json])[] | undefined {
    return entriesOf(this.decoded);
  }

  toString(): string {
    return JSON.stringify(this.text);
  }
}

/** `json` is the text of the body. */
export const mayContainEncoded = (json: string): boolean => MAY_CONTAIN.test(json);

/** Returns the object with `EncodedValue`s in place of such texts. */
export const withDecodedTexts = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, decodedWithin(value, 0)]));

function decodedWithin(value: Json, depth: number): Json {
  if (typeof value === 'string') return decodedText(value, depth) ?? value;
  if (depth > DEEPEST) return value;
  if (isJsonArray(value)) return value.map((item) => decodedWithin(item, depth + 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, decodedWithin(item, depth + 1)]),
  );
}

function decodedText(text: string, depth: number): EncodedValue | undefined {
  if (/^\s*[[{]/.test(text)) return encoded(text, containerIn(text), { encoding: 'text', depth });
  if (INTEGERS.test(text))
    return encoded(text, text.match(/-?\d+/g)?.map(Number), { encoding: 'text', depth });
  if (!BASE64.test(text)) return undefined;
  const plain = plainTextOf(text);
  return plain === undefined ? undefined : encoded(text, containerIn(plain), { encoding: 'base64', depth });
}

const encoded = (
  text: string,
  value: Json | undefined,
  { encoding, depth }: { readonly encoding: string; readonly depth: number },
): EncodedValue | undefined =>
  value === undefined ? undefined : new EncodedValue(text, decodedWithin(value, depth + 1), encoding);

function containerIn(text: string): Json | undefined {
  try {
    const value = parseJson(text);
    return isJsonArray(value) || isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function plainTextOf(base64: string): string | undefined {
  try {
    const bytes = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(bytes, (char) => char.codePointAt(0) ?? 0),
    );
  } catch {
    return undefined;
  }
}
