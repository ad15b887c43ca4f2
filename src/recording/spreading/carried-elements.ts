/**
 * The elements that the body of a message carries: as a value, in a list, as the key of an object, at any depth.
 *
 * A round, a sequence number or a term may equal an element by chance. So each field, by the type of its message and
 * its path, is first tested on a sample of the run: a field that carries elements contains hardly anything else.
 *
 *     gossip.messages[]   7, 8, 9: all were added before          carries elements
 *     gossip.round        1 to 5000: few were                     carries none
 */
import { ValueIds } from '../../columns/value-ids.ts';
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../protocol/json.ts';

const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
const DEEPEST = 40;
/** Minimum share of elements among the values of a field. */
const LEAST_SHARE = 0.9;
/** Maximum number of fields distinguished, since a node may invent any number of them. */
const MOST_FIELDS = 2000;
const LONGEST_FIELD = 80;

/** Returns undefined if the text is not complete JSON. */
export function parsedBody(text: string): Json | undefined {
  try {
    // JSON.parse is several times as fast, but would change values with a fraction, an exponent, or many digits.
    return /\d[.eE]|\d{16}|-0/.test(text) ? parseJson(text) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

export function messageType(body: Json): string {
  const type = isJsonObject(body) && Object.hasOwn(body, 'type') ? body['type'] : undefined;
  return typeof type === 'string' ? type.slice(0, LONGEST_FIELD) : '';
}

interface FieldUse {
  values: number;
  elements: number;
}

export class CarriedElements {
  private readonly ids = new ValueIds();
  private readonly fields = new Map<string, FieldUse>();
  private hasParts = false;
  private ignored: ReadonlySet<string> = new Set();

  /** Adds an element under its number. It must not have been added before. */
  add(element: Json, number: number): void {
    this.ids.set(element, number);
    this.hasParts ||= typeof element === 'object' && element !== null;
  }

  /** Returns the number of an element, or -1. */
  numberOf(element: Json): number {
    return this.ids.get(element);
  }

  /** Adds a body to the sample; `isKnown` returns whether that element had been added when the body was sent. */
  sample(body: Json, isKnown: (element: number) => boolean): void {
    this.each(body, (element, field) => {
      let use = this.fields.get(field);
      if (use === undefined) {
        if (this.fields.size >= MOST_FIELDS) return;
        this.fields.set(field, (use = { values: 0, elements: 0 }));
      }
      use.values++;
      if (element !== -1 && isKnown(element)) use.elements++;
    });
  }

  /** Must be called when the sample is complete. Returns the fields that contain elements but are not trusted. */
  decide(): readonly string[] {
    const ignored = [...this.fields].filter(([, { values, elements }]) => elements < LEAST_SHARE * values);
    this.ignored = new Set(ignored.map(([field]) => field));
    return ignored.filter(([, { elements }]) => elements > 0).map(([field]) => field);
  }

  /** Calls back with the number of each element that the body carries, possibly repeatedly. */
  eachElement(body: Json, visit: (element: number) => void): void {
    this.each(body, (element, field) => {
      if (element !== -1 && !this.ignored.has(field)) visit(element);
    });
  }

  private each(body: Json, visit: (element: number, field: string) => void): void {
    const type = messageType(body);
    if (!isJsonObject(body)) return;
    for (const [name, value] of Object.entries(body))
      if (!PROTOCOL_FIELDS.has(name)) this.within(value, shortened(`${type}.${name}`), 0, visit);
  }

  private within(
    value: Json,
    field: string,
    depth: number,
    visit: (element: number, field: string) => void,
  ): void {
    if (depth > DEEPEST) return;
    const isPart = typeof value === 'object' && value !== null;
    // The key of a list or an object is its whole text, computed only if there are elements of that kind.
    const element = !isPart || this.hasParts ? this.ids.get(value) : -1;
    if (element === -1 && isJsonArray(value)) {
      const inside = shortened(`${field}[]`);
      for (const item of value) this.within(item, inside, depth + 1, visit);
      return;
    }
    if (element !== -1 || !isJsonObject(value)) {
      visit(element, field);
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      const key = this.keyNumber(name);
      // Field names are not values, unless they are digits or elements.
      if (key !== undefined) visit(key, shortened(`${field}{}`));
      const inside = key === undefined ? `${field}.${name}` : `${field}{}.`;
      this.within(item, shortened(inside), depth + 1, visit);
    }
  }

  /** Returns the number for an object key, which is a string even for an integer; undefined if it is only a name. */
  private keyNumber(name: string): number | undefined {
    const number = this.ids.get(name);
    if (number !== -1) return number;
    return /^-?\d{1,15}$/.test(name) ? this.ids.get(Number(name)) : undefined;
  }
}

/** Deeply nested fields are distinguished by the beginning of their path. */
const shortened = (field: string): string => field.slice(0, LONGEST_FIELD);
