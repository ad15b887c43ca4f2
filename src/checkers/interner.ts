/**
 * Small integers in place of JSON values: equal values get the same id, ids count from 0 in order of first sight.
 *
 * Primitives go straight into a Map; only arrays, objects and unusual numbers pay for a canonical text.
 */
import { canonicalJson, type Json } from '../protocol/json.ts';

export class Interner {
  private readonly ids = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();
  private readonly values: Json[] = [];

  get size(): number {
    return this.values.length;
  }

  idOf(value: Json): number {
    if (typeof value === 'object' && value !== null) {
      const text = canonicalJson(value);
      const known = this.texts.get(text);
      if (known !== undefined) return known;
      this.texts.set(text, this.values.length);
    } else {
      const known = this.ids.get(value);
      if (known !== undefined) return known;
      this.ids.set(value, this.values.length);
    }
    this.values.push(value);
    return this.values.length - 1;
  }

  valueOf(id: number): Json {
    const value = this.values[id];
    if (value === undefined) throw new RangeError(`no value has id ${id}`);
    return value;
  }
}
