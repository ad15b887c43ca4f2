/**
 * Checks that the indexes of a history ascend. Verdicts use the order of operations in the file; if the indexes imply another
 * order, as after concatenating several files, a warning says which one was used.
 */
import type { Op } from './op.ts';

export class IndexOrder {
  #last = -Infinity;
  #line = 0;
  #first: string | undefined;

  observe({ index }: Op, line: number): void {
    // A reconstructed invocation has the index of its completion.
    const isOne = index === this.#last && line === this.#line;
    this.#line = line;
    if (index <= this.#last && !isOne)
      this.#first ??=
        `line ${line}: index ${index} comes after index ${this.#last}. Operations were taken in the order in which they stand, ` +
        'which may not be the one in which they happened; if the indexes are right, sort the lines by them.';
    else this.#last = index;
  }

  /** The first index that does not ascend, and what that means; undefined if all ascend. */
  get warning(): string | undefined {
    return this.#first;
  }
}
