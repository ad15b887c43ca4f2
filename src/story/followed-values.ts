/**
 * The values that a story follows through the bodies of messages: the element that is lost, the key and the value that are
 * read too late. A body carries one where it stands anywhere in it but in the fields of the protocol.
 */
import { valueKey, type ValueKey } from '../columns/value-key.ts';
import { entriesOf, elementsOf, valueText, type Json, type JsonObject } from '../protocol/json.ts';

const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
const DEEPEST = 40;

/** A body must hold all of one of the sets. */
export class FollowedValues {
  private readonly sets: readonly ReadonlySet<ValueKey>[];
  private readonly each: ReadonlySet<ValueKey>;
  private readonly texts: readonly string[];
  private readonly hasParts: boolean;

  constructor(sets: readonly (readonly Json[])[]) {
    this.sets = sets.map((values) => new Set(values.map(valueKey)));
    this.each = new Set(this.sets.flatMap((set) => [...set]));
    this.hasParts = sets.some((values) =>
      values.some((value) => typeof value === 'object' && value !== null),
    );
    // Numbers stand in a body as they are written here, and strings at least with their first plain letters.
    this.texts = sets.flatMap(([first]) => {
      const text = first === undefined ? undefined : plainPart(valueText(first));
      return text === undefined ? [] : [text];
    });
  }

  get isEmpty(): boolean {
    return this.each.size === 0;
  }

  /** Whether it is one of the values. */
  has(value: Json): boolean {
    return this.each.has(valueKey(value));
  }

  /** Whether any of them, or anything in them, is one of the values. */
  isWithin(...values: readonly Json[]): boolean {
    return this.foundIn(values).size > 0;
  }

  /** Whether these, or one object in them, hold all of one of the sets by themselves, be it in lists. */
  isWhole(...values: readonly Json[]): boolean {
    return this.isWholeAt(values, 0);
  }

  private isWholeAt(values: readonly Json[], depth: number): boolean {
    if (depth > DEEPEST) return false;
    const own = new Set<ValueKey>();
    const objects: (readonly Json[])[] = [];
    for (const value of values) this.parted(value, { own, objects }, depth);
    return (
      this.sets.some((set) => [...set].every((key) => own.has(key))) ||
      objects.some((parts) => this.isWholeAt(parts, depth + 1))
    );
  }

  /** What it holds itself, and the objects in it. */
  private parted(
    value: Json,
    into: { readonly own: Set<ValueKey>; readonly objects: (readonly Json[])[] },
    depth: number,
  ): void {
    if (depth > DEEPEST) return;
    if (this.has(value)) into.own.add(valueKey(value));
    if (typeof value === 'string') this.foundName(value, into.own);
    for (const item of elementsOf(value) ?? []) this.parted(item, into, depth + 1);
    const entries = entriesOf(value);
    if (entries !== undefined) into.objects.push(entries.flat());
  }

  private foundIn(values: readonly Json[]): ReadonlySet<ValueKey> {
    const found = new Set<ValueKey>();
    for (const value of values) {
      this.found(value, found, 0);
      if (typeof value === 'string') this.foundName(value, found);
    }
    return found;
  }

  isIn(text: string, bodyOf: () => JsonObject): boolean {
    if (
      this.isEmpty ||
      (this.texts.length === this.sets.length && !this.texts.some((one) => text.includes(one)))
    )
      return false;
    const found = new Set<ValueKey>();
    for (const [field, value] of Object.entries(bodyOf()))
      if (!PROTOCOL_FIELDS.has(field)) this.found(value, found, 0);
    return this.sets.some((set) => [...set].every((key) => found.has(key)));
  }

  private found(value: Json, found: Set<ValueKey>, depth: number): Set<ValueKey> {
    if (depth > DEEPEST) return found;
    // The key of a list or an object is its whole text, made only where one is followed.
    if (this.hasParts || typeof value !== 'object' || value === null) {
      const key = valueKey(value);
      if (this.each.has(key)) found.add(key);
    }
    for (const item of elementsOf(value) ?? []) this.found(item, found, depth + 1);
    for (const [name, item] of entriesOf(value) ?? []) {
      this.foundName(name, found);
      this.found(item, found, depth + 1);
    }
    return found;
  }

  /** Keys of objects are strings: that of an integer is its digits. */
  private foundName(name: Json, found: Set<ValueKey>): void {
    for (const key of [valueKey(name), typeof name === 'string' ? digitsKey(name) : undefined])
      if (key !== undefined && this.each.has(key)) found.add(key);
  }
}

const digitsKey = (name: string): number | undefined =>
  /^-?\d{1,15}$/.test(name) ? Number(name) : undefined;

/** What a JSON text holds of it in any spelling; undefined where that is nothing. */
function plainPart(text: string): string | undefined {
  const [plain] = /[A-Za-z0-9 ]+/.exec(text) ?? [];
  return plain;
}
