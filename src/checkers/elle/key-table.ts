/** The keys of a history: each has a number, its name, and whatever a workload keeps for it. */
import type { Json } from '../../protocol/json.ts';
import { Interner } from './interner.ts';

export class KeyTable<Key> {
  readonly keys: Key[] = [];
  readonly names: Json[] = [];
  readonly #make: (id: number) => Key;
  readonly #interner = new Interner();
  readonly #direct: (Key | undefined)[] = [];
  readonly #hashed = new Map<number, Key>();

  constructor(make: (id: number) => Key) {
    this.#make = make;
  }

  /** The key of that name, made on first sight. */
  get(name: Json): Key {
    if (typeof name === 'number' && name < this.#direct.length) {
      const direct = this.#direct[name];
      if (direct !== undefined) return direct;
    }
    const interned = this.#interner.id(name);
    if (interned <= this.#direct.length * 2 + 1024) {
      const known = this.#direct[interned];
      if (known !== undefined) return known;
      while (this.#direct.length < interned) this.#direct.push(undefined);
      return (this.#direct[interned] = this.#add(name));
    }
    let key = this.#hashed.get(interned);
    if (key === undefined) this.#hashed.set(interned, (key = this.#add(name)));
    return key;
  }

  #add(name: Json): Key {
    const key = this.#make(this.keys.length);
    this.keys.push(key);
    this.names.push(name);
    return key;
  }
}
