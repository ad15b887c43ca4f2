/**
 * Stars: "each of these readers comes before each of these writers", without an edge for each pair.
 *
 * Readers of a key's last state come before all unobserved appends; readers of a register's initial state come before
 * all its writers. Both are quadratic. A star has two chains of helper vertices over its targets t0 t1 t2 ...:
 *
 *     prefix:  p0 <- p1 <- p2 ...      each p has an edge to its t
 *     suffix:  s0 -> s1 -> s2 ...      each s has an edge to its t
 *
 * A source that is not a target enters at s0. A source that is the target ti must not reach itself (it would look like
 * a cycle), so it enters at p(i-1) and s(i+1).
 */
import { Int32Column } from '../../../columns/column.ts';
import { RELATION } from '../cycles/cycle-types.ts';
import type { EdgeBuffer } from './edge-buffer.ts';

export class Stars {
  readonly #targets = new Int32Column();
  readonly #starts = new Int32Column();
  readonly #ends = new Int32Column();

  /** Adds a star and returns the index of its first target. Equal targets must be adjacent. */
  add(targets: readonly number[]): number {
    const start = this.#targets.length;
    for (const target of targets) {
      this.#targets.push(target);
      this.#starts.push(start);
      this.#ends.push(start + targets.length);
    }
    return start;
  }

  /** The number of helper vertices. */
  get size(): number {
    return this.#targets.length * 2;
  }

  /** Adds the edges from a source into a star. Helper vertices are numbered from `firstHelper`. */
  enter(source: number, star: number, relation: number, firstHelper: number, out: EdgeBuffer): void {
    const targets = this.#targets.values;
    const end = this.#ends.at(star);
    let low = star;
    while (low < end && targets[low] !== source) low++;
    if (low === end) {
      out.add(firstHelper + star * 2 + 1, relation);
      return;
    }
    let high = low;
    while (high + 1 < end && targets[high + 1] === source) high++;
    if (low > star) out.add(firstHelper + (low - 1) * 2, relation);
    if (high + 1 < end) out.add(firstHelper + (high + 1) * 2 + 1, relation);
  }

  /** Adds the edges from a helper vertex, numbered from 0 here. */
  leave(helper: number, firstHelper: number, out: EdgeBuffer): void {
    const position = helper >> 1;
    out.add(this.#targets.at(position), RELATION.then);
    if ((helper & 1) === 0) {
      if (position > this.#starts.at(position)) out.add(firstHelper + helper - 2, RELATION.then);
    } else if (position + 1 < this.#ends.at(position)) {
      out.add(firstHelper + helper + 2, RELATION.then);
    }
  }
}
