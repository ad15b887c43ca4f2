/**
 * Which elements the body of a message carries: as a value, in a list, as the key of an object, at any depth.
 *
 * A round, a sequence number or a term may well be equal to an element. So each field, by the type of its message and its path,
 * is first held against a sample of the run: what carries elements carries hardly anything else.
 *
 *     gossip.messages[]   7, 8, 9: all were added before          carries elements
 *     gossip.round        1 to 5000: few were                     carries none
 */
import { ValueIds } from '../../columns/value-ids.ts';
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../protocol/json.ts';

const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
const DEEPEST = 40;
/** Of the values of a field, as many must be elements. */
const LEAST_SHARE = 0.9;
/** Fields that are kept apart; a node may invent any number of them. */
const MOST_FIELDS = 2000;
const LONGEST_FIELD = 80;

/** Undefined when it is no whole JSON. */
export function parsedBody(text: string): Json | undefined {
  try {
    // What JSON.parse would change has a fraction, an exponent, or many digits; it is several times as fast.
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

  /** An element is known by its first number. */
  add(element: Json, number: number): void {
    this.ids.set(element, number);
    this.hasParts ||= typeof element === 'object' && element !== null;
  }

  /** The number of an element; -1 when it is none. */
  numberOf(element: Json): number {
    return this.ids.get(element);
  }

  /** Takes a body of the sample in; `isKnown` says whether that element had been added when the body was sent. */
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

  /** To be called when the sample is complete. Fields with elements that are not trusted. */
  decide(): readonly string[] {
    const ignored = [...this.fields].filter(([, { values, elements }]) => elements < LEAST_SHARE * values);
    this.ignored = new Set(ignored.map(([field]) => field));
    return ignored.filter(([, { elements }]) => elements > 0).map(([field]) => field);
  }

  /** Calls back with the number of each element that the body carries, some more than once. */
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
    // The key of a list or an object is its whole text, made only where an element is one.
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
      // Names of fields are no values; digits, and what is an element, may be.
      if (key !== undefined) visit(key, shortened(`${field}{}`));
      const inside = key === undefined ? `${field}.${name}` : `${field}{}.`;
      this.within(item, shortened(inside), depth + 1, visit);
    }
  }

  /** Keys of objects are strings: that of an integer is its digits. Undefined for what is only a name. */
  private keyNumber(name: string): number | undefined {
    const number = this.ids.get(name);
    if (number !== -1) return number;
    return /^-?\d{1,15}$/.test(name) ? this.ids.get(Number(name)) : undefined;
  }
}

/** Fields nested deeply are told apart by where they begin. */
const shortened = (field: string): string => field.slice(0, LONGEST_FIELD);
