/**
 * Randomness of the suite: the same seed gives the same histories, on any machine and in any version of the project.
 */

export class Dice {
  constructor(private state: number) {}

  /** Returns an integer from 0 up to, but excluding, `n`. (Mulberry32.) */
  int(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * n);
  }

  chance(probability: number): boolean {
    return this.int(1_000_000) < probability * 1_000_000;
  }

  pick<T>(items: readonly [T, ...T[]]): T;
  pick<T>(items: readonly T[]): T | undefined;
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.int(items.length)];
  }

  /** Returns `count` different items, in random order. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.int(left.length), 1));
    return chosen;
  }
}

/** Returns the seed of one history among many. */
export function seedOf(seed: number, model: string, number: number): number {
  let hash = seed | 0;
  for (const character of `${model}/${number}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) ^ (hash >>> 13);
  return hash;
}
