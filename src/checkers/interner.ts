/** Small integers in place of JSON values: equal values get the same id, ids count from 0 in order of first sight. */
import type { Json } from '../protocol/json.ts';
import { valueKey, type ValueKey } from './value-key.ts';

export class Interner {
  private readonly ids = new Map<ValueKey, number>();
  private readonly values: Json[] = [];

  get size(): number {
    return this.values.length;
  }

  idOf(value: Json): number {
    const key = valueKey(value);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.ids.set(key, id);
    this.values.push(value);
    return id;
  }

  /** The value first seen with that id. Throws a RangeError when there is none. */
  valueOf(id: number): Json {
    const value = this.values[id];
    if (value === undefined) throw new RangeError(`no value has id ${id}`);
    return value;
  }
}
