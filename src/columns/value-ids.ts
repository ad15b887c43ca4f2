/**
 * Numbers values: each distinct JSON value gets a small integer, so that facts about it can be stored in columns and
 * bitsets. Small non-negative integers, which workloads generate, are looked up in an array, others in a Map.
 */
import type { Json } from '../protocol/json.ts';
import { valueKey, type ValueKey } from './value-key.ts';

/** Integers from here on are never stored in the array. */
const SMALL_LIMIT = 1 << 22;

export class ValueIds {
  /** small[value] is the id of an integer value, or -1 if it has none. Public for loops that cannot afford a call. */
  small = new Int32Array(16).fill(-1);
  private readonly others = new Map<ValueKey, number>();

  /** Returns the value's id, or -1. */
  get(value: Json): number {
    const key = valueKey(value);
    if (isIndex(key) && key < this.small.length) return this.small[key] ?? -1;
    return this.others.get(key) ?? -1;
  }

  set(value: Json, id: number): void {
    const key = valueKey(value);
    if (isIndex(key) && this.makeRoomFor(key, id)) this.small[key] = id;
    else this.others.set(key, id);
  }

  /** Grows the array as long as it stays reasonably full; returns false when the value belongs in the Map. */
  private makeRoomFor(value: number, id: number): boolean {
    if (value < this.small.length) return true;
    if (value >= SMALL_LIMIT || value > 1024 + 8 * id) return false;
    const larger = new Int32Array(Math.min(SMALL_LIMIT, Math.max(value + 1, this.small.length * 2))).fill(-1);
    larger.set(this.small);
    // Entries that were once too sparse for the array move into it, so that it does not hide them.
    for (const [key, knownId] of this.others) {
      if (!isIndex(key) || key >= larger.length) continue;
      larger[key] = knownId;
      this.others.delete(key);
    }
    this.small = larger;
    return true;
  }
}

const isIndex = (key: ValueKey): key is number => typeof key === 'number' && key >>> 0 === key;
