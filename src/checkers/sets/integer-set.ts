/**
 * A growing set of safe integers: open addressing with linear probing in one Float64Array. Takes eight bytes per slot
 * at a load of at most one half, and does not box numbers beyond 2^31.
 */
export class IntegerSet {
  // NaN marks an empty slot.
  private table = new Float64Array(8).fill(NaN);
  private mask = 7;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Adds an integer. Returns false if it was already present. */
  add(value: number): boolean {
    if (this.count * 2 >= this.table.length) this.grow();
    const place = this.placeOf(value);
    if (this.table[place] === value) return false;
    this.table[place] = value;
    this.count += 1;
    return true;
  }

  /** Returns the value's slot, or the empty slot for it. */
  private placeOf(value: number): number {
    const { table, mask } = this;
    // Both halves matter: ids often share the low bits (a node's number) or the high ones (the time).
    const low = value | 0;
    const high = low === value ? 0 : (value / 0x100000000) | 0;
    let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    hash ^= hash >>> 15;
    let place = hash & mask;
    for (;;) {
      const there = table[place];
      if (there === value || there === undefined || there !== there) return place;
      place = (place + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.table;
    this.table = new Float64Array(old.length * 2).fill(NaN);
    this.mask = this.table.length - 1;
    for (const value of old) if (value === value) this.table[this.placeOf(value)] = value;
  }
}
