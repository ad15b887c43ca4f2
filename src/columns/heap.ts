/** A priority queue of numbers: lowest rank first, then lowest number. */
import { present } from './present.ts';

export class Heap {
  readonly #items: number[] = [];

  constructor(private readonly ranks: ArrayLike<number>) {}

  get size(): number {
    return this.#items.length;
  }

  get first(): number | undefined {
    return this.#items[0];
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(item, present(items[above]))) break;
      items[at] = present(items[above]);
      at = above;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && this.#isBefore(present(items[below + 1]), present(items[below])))
        below++;
      if (!this.#isBefore(present(items[below]), last)) break;
      items[at] = present(items[below]);
      at = below;
    }
    items[at] = last;
    return first;
  }

  #isBefore(left: number, right: number): boolean {
    const difference = present(this.ranks[left]) - present(this.ranks[right]);
    return difference < 0 || (difference === 0 && left < right);
  }
}
