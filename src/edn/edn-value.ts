/**
 * EDN values, the data language of Jepsen's histories and results.
 *
 * nil is `null`. Integers are `number`, or `bigint` beyond 2^53. Fractions are `number`, or `JsonNumber` where a number
 * would lose what was written (1.0, 1e400). ##NaN and ##Inf are numbers. Vectors are arrays. All else is a class here.
 * Two spellings of one value become one: 5N is 5. Sets and maps keep the order in which they were written, which has no
 * meaning.
 *
 * Values compare (`jsonEquals`) like Clojure's `=`: a list equals the vector with the same elements, a keyword does not
 * equal the string of its name, 1 equals neither 1.0 nor 1M, 1.0M equals 1.00M. Unlike in Clojure, ##NaN equals itself,
 * and a regular expression equals another one with the same text, so that a written value can be found again.
 */
import { decimalOf, fractionOf, integerOf } from '../protocol/json/json-decimal.ts';
import {
  JsonNumber,
  RichValue,
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonScalar,
} from '../protocol/json.ts';
import { writeEdnCharacter, writeEdnInteger, writeEdnNumber, writeEdnString } from './edn-text.ts';

/**
 * A keyword; `name` is without the colon: `valid?`, `elle.list-append/init`. Equal ones are usually the same object.
 */
export class Keyword extends RichValue {
  private static readonly known = new Map<string, Keyword>();
  readonly canonical: string;

  private constructor(readonly name: string) {
    super();
    this.canonical = `#keyword${JSON.stringify(name)}`;
  }

  static of(name: string): Keyword {
    let found = Keyword.known.get(name);
    if (found === undefined) {
      found = new Keyword(name);
      // Bounded, because names can come from hostile input; beyond it equal keywords are different objects.
      if (Keyword.known.size < 10_000) Keyword.known.set(name, found);
    }
    return found;
  }

  override get word(): string {
    return this.name;
  }

  get json(): Json {
    return this.name;
  }

  toString(): string {
    return `:${this.name}`;
  }
}

/** Short for `Keyword.of`. */
export function keyword(name: string): Keyword {
  return Keyword.of(name);
}

export class EdnSymbol extends RichValue {
  constructor(readonly name: string) {
    super();
  }

  get canonical(): string {
    return `#symbol${JSON.stringify(this.name)}`;
  }

  override get word(): string {
    return this.name;
  }

  get json(): Json {
    return this.name;
  }

  toString(): string {
    return this.name;
  }
}

/** A character: one Unicode code point. */
export class EdnChar extends RichValue {
  constructor(readonly char: string) {
    super();
  }

  get canonical(): string {
    return `#char${JSON.stringify(this.char)}`;
  }

  get json(): Json {
    return this.char;
  }

  toString(): string {
    return writeEdnCharacter(this.char);
  }
}

/**
 * `#"a+"`, which Clojure writes although it is not EDN; `source` is the text between the quotes, including backslashes.
 */
export class EdnRegex extends RichValue {
  constructor(readonly source: string) {
    super();
  }

  get canonical(): string {
    return `#regex${JSON.stringify(this.source)}`;
  }

  get json(): Json {
    return this.source;
  }

  toString(): string {
    return `#"${this.source}"`;
  }
}

/** `1/3`, in lowest terms, the denominator greater than 1. */
export class EdnRatio extends RichValue {
  constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {
    super();
  }

  get canonical(): string {
    return `#ratio${this.toString()}`;
  }

  get json(): Json {
    return this.toString();
  }

  toString(): string {
    return `${this.numerator}/${this.denominator}`;
  }
}

/** A decimal of arbitrary precision, written with M; `text` is without it. */
export class EdnDecimal extends RichValue {
  constructor(readonly text: string) {
    super();
  }

  get canonical(): string {
    const { negative, digits, exponent } = decimalOf(this.number);
    return `#decimal${negative ? '-' : ''}0.${digits}e${exponent}`;
  }

  get json(): Json {
    const { number } = this;
    return /[.eE]/.test(number) ? fractionOf(number) : integerOf(number);
  }

  toString(): string {
    return `${this.text}M`;
  }

  /** The text in JSON's form: `1.` is `1.0`. */
  private get number(): string {
    return this.text.replace(/\.(?!\d)/, '.0');
  }
}

/** `(a b c)`. */
export class EdnList extends RichValue {
  constructor(readonly items: readonly Edn[]) {
    super();
  }

  get canonical(): string {
    return canonicalJson(this.items);
  }

  override get plain(): Json {
    return this.items;
  }

  override get elements(): readonly Json[] {
    return this.items;
  }

  get json(): Json {
    return this.items.map(ednToJson);
  }

  toString(): string {
    return `(${this.items.map(writeEdn).join(' ')})`;
  }
}

/** `#{a b c}`. */
export class EdnSet extends RichValue {
  #canonical: string | undefined;

  constructor(readonly items: readonly Edn[]) {
    super();
  }

  get canonical(): string {
    this.#canonical ??= `#set[${this.items.map(canonicalJson).toSorted().join(',')}]`;
    return this.#canonical;
  }

  override get elements(): readonly Json[] {
    return this.items;
  }

  override get brackets(): readonly [open: string, close: string] {
    return ['#{', '}'];
  }

  get json(): Json {
    return this.items.map(ednToJson);
  }

  toString(): string {
    return `#{${this.items.map(writeEdn).join(' ')}}`;
  }
}

/** `{k v}`, with keys of any kind, in the order written. */
export class EdnMap extends RichValue {
  #canonical: string | undefined;

  constructor(readonly entries: readonly (readonly [Edn, Edn])[]) {
    super();
  }

  /** Returns the value of a keyword key, or undefined. */
  get(name: string): Edn | undefined {
    for (const [key, value] of this.entries) if (key instanceof Keyword && key.name === name) return value;
    return undefined;
  }

  override get pairs(): readonly (readonly [key: Json, value: Json])[] {
    return this.entries;
  }

  override withPairs(pairs: readonly (readonly [key: Json, value: Json])[]): EdnMap {
    return new EdnMap(pairs.map(([key, value]) => [valueToEdn(key), valueToEdn(value)]));
  }

  get canonical(): string {
    this.#canonical ??= this.plain === this ? this.canonicalEntries() : canonicalJson(this.plain);
    return this.#canonical;
  }

  private canonicalEntries(): string {
    const texts = this.entries.map(([key, value]) => `${canonicalJson(key)}:${canonicalJson(value)}`);
    return `#map{${texts.toSorted().join(',')}}`;
  }

  /** An object if all keys are strings. */
  override get plain(): Json {
    const isObject = this.entries.every(([key]) => typeof key === 'string');
    return isObject ? Object.fromEntries(this.entries) : this;
  }

  get json(): Json {
    // fromEntries defines fields, so that `__proto__` is a key like any other.
    return Object.fromEntries(this.entries.map(([key, value]) => [textOf(key), ednToJson(value)]));
  }

  toString(): string {
    return `{${this.entries.map(([key, value]) => `${writeEdn(key)} ${writeEdn(value)}`).join(', ')}}`;
  }
}

function textOf(key: Edn): string {
  const json = key instanceof RichValue ? key.json : key;
  return typeof json === 'string' ? json : writeEdn(key);
}

/** `#tag value`; the tag is without the #. */
export class EdnTagged extends RichValue {
  constructor(
    readonly tag: string,
    readonly value: Edn,
  ) {
    super();
  }

  get canonical(): string {
    const { tag, value } = this;
    const known = typeof value === 'string' ? KNOWN_TAGS[tag]?.(value) : undefined;
    return `#tagged[${JSON.stringify(tag)},${known ?? canonicalJson(value)}]`;
  }

  get json(): Json {
    return ednToJson(this.value);
  }

  toString(): string {
    return `#${this.tag} ${writeEdn(this.value)}`;
  }
}

/**
 * Tags whose text has several spellings: each returns a normal form, or undefined if the text does not have the
 * expected form.
 */
const KNOWN_TAGS: Readonly<Record<string, ((text: string) => string | undefined) | undefined>> = {
  inst: instant,
  uuid: (text) => text.toLowerCase(),
};

/**
 * Normalises `2020-01-01T02:00:00.50+02:00`, whose later parts may be missing, to seconds since 1970 and a fraction.
 */
function instant(text: string): string | undefined {
  const parts =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(
      text,
    );
  if (parts === null) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', rest = '', zone] =
    parts;
  const at = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${zone === undefined || zone === '-00:00' ? 'Z' : zone}`,
  );
  return Number.isNaN(at) ? undefined : `${at / 1000}.${rest.replace(/0+$/, '')}`;
}

export type Edn =
  | JsonScalar
  | Keyword
  | EdnSymbol
  | EdnChar
  | EdnRegex
  | EdnRatio
  | EdnDecimal
  | EdnList
  | EdnSet
  | EdnMap
  | EdnTagged
  | readonly Edn[];

/** Writes a value on one line; `readEdn(writeEdn(x))` equals `x`. */
export function writeEdn(value: Edn): string {
  if (typeof value === 'string') return writeEdnString(value);
  if (typeof value === 'number') return writeEdnNumber(value);
  if (typeof value === 'bigint') return writeEdnInteger(value);
  if (typeof value === 'boolean') return String(value);
  if (value === null) return 'nil';
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof RichValue) return value.toString();
  return `[${value.map(writeEdn).join(' ')}]`;
}

/**
 * Returns the nearest JSON. Keywords, symbols, characters and regular expressions become strings, sets and lists
 * arrays, and maps objects (keys that are not text become their EDN). Tagged values become the value without its tag,
 * ratios and infinities their text.
 */
export function ednToJson(value: Edn): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : writeEdnNumber(value);
  if (value instanceof RichValue) return value.json;
  return isVector(value) ? value.map(ednToJson) : value;
}

/** ##NaN, ##Inf or ##-Inf in a history, for which JSON has no number. */
class NonFinite extends RichValue {
  constructor(private readonly value: number) {
    super();
  }

  get canonical(): string {
    return canonicalJson(this.value);
  }

  override get plain(): Json {
    return this.value;
  }

  get json(): Json {
    return this.toString();
  }

  toString(): string {
    return writeEdnNumber(this.value);
  }
}

/**
 * Returns the value as it appears in a history: plain JSON where that is equivalent. The contents of a `RichValue` stay
 * EDN.
 */
export function ednToValue(value: Edn): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : new NonFinite(value);
  if (isVector(value)) return value.map(ednToValue);
  if (value instanceof EdnList) return value.items.map(ednToValue);
  if (value instanceof EdnMap && value.plain !== value) {
    return Object.fromEntries(value.entries.map(([key, field]) => [textOf(key), ednToValue(field)]));
  }
  return value;
}

/** Reverses `ednToValue`: objects become maps with string keys. */
function valueToEdn(value: Json): Edn {
  if (isJsonArray(value)) return value.map(valueToEdn);
  if (isJsonObject(value))
    return new EdnMap(Object.entries(value).map(([key, field]) => [key, valueToEdn(field)]));
  return value as Edn; // only EDN has values beyond JSON
}

/** `Array.isArray` alone loses the element type of readonly arrays. */
function isVector(value: Edn): value is readonly Edn[] {
  return Array.isArray(value);
}
