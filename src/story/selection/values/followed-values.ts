/**
 * The values that a story follows through the bodies of messages: the lost element, or the key and value of a stale read. A
 * body carries a value if it contains it anywhere except in the fields of the protocol.
 */
import { valueKey, type ValueKey } from '../../../columns/value-key.ts';
import { entriesOf, elementsOf, valueText, type Json, type JsonObject } from '../../../protocol/json.ts';

const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);
const DEEPEST = 40;

/** Matches bodies that contain all values of one of the sets. */
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
    // A body contains numbers exactly as written here, and strings at least with their leading plain letters.
    this.texts = sets.flatMap(([first]) => {
      const text = first === undefined ? undefined : plainPart(valueText(first));
      return text === undefined ? [] : [text];
    });
  }

  get isEmpty(): boolean {
    return this.each.size === 0;
  }

  /** True if one of them is a number, which other fields may contain by accident. */
  get hasNumbers(): boolean {
    return [...this.each].some((key) => typeof key === 'number');
  }

  /** True if `value` is one of the followed values. */
  has(value: Json): boolean {
    return this.each.has(valueKey(value));
  }

  /** True if any of these values, or any part of them, is a followed value. */
  isWithin(...values: readonly Json[]): boolean {
    return this.foundIn(values).size > 0;
  }

  /** True if these values, or a single object within them, contain all values of one set, possibly within lists. */
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

  /** Splits a value into its own parts and the objects within it. */
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
    // The key of a list or object is its whole text, computed only if a list or object is followed.
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

  /** Object keys are strings; that of an integer is its digits. */
  private foundName(name: Json, found: Set<ValueKey>): void {
    for (const key of [valueKey(name), typeof name === 'string' ? digitsKey(name) : undefined])
      if (key !== undefined && this.each.has(key)) found.add(key);
  }
}

const digitsKey = (name: string): number | undefined =>
  /^-?\d{1,15}$/.test(name) ? Number(name) : undefined;

/** Returns the part of a text that any JSON encoding of it contains literally; undefined if there is none. */
function plainPart(text: string): string | undefined {
  const [plain] = /[A-Za-z0-9 ]+/.exec(text) ?? [];
  return plain;
}
