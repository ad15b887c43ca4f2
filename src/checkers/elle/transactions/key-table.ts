/** The keys of a history: each has a number, its name, and the workload's data for it. */
import type { Json } from '../../../protocol/json.ts';
import { FIRST_INTERNED, Interner } from '../../../columns/interner.ts';
import { ValueRows } from '../../../columns/value-rows.ts';

export class KeyTable<Key> {
  readonly keys: Key[] = [];
  readonly names: Json[] = [];
  readonly #make: (id: number) => Key;
  readonly #interner = new Interner(FIRST_INTERNED);
  /** Positions of keys in `keys`, by interned name. */
  readonly #positions = new ValueRows();

  constructor(make: (id: number) => Key) {
    this.#make = make;
  }

  /** Returns the key of a name, creating it on first use. */
  get(name: Json): Key {
    const interned = this.#interner.idOf(name);
    const known = this.keys[this.#positions.find(interned)];
    if (known !== undefined) return known;
    const key = this.#make(this.keys.length);
    this.#positions.set(interned, this.keys.length);
    this.keys.push(key);
    this.names.push(name);
    return key;
  }
}
