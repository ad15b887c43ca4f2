/**
 * Watches whether the indexes of a history ascend. Verdicts go by the order in which operations stand in the file; where
 * indexes say another one, as in several files put together, the reader should know which of them counted.
 */
import type { Op } from './op.ts';

export class IndexOrder {
  #last = -Infinity;
  #line = 0;
  #first: string | undefined;

  observe({ index }: Op, line: number): void {
    // An invocation that was not written down has the index of its completion.
    const isOne = index === this.#last && line === this.#line;
    this.#line = line;
    if (index <= this.#last && !isOne)
      this.#first ??=
        `line ${line}: index ${index} comes after index ${this.#last}. Operations were taken in the order in which they stand, ` +
        'which may not be the one in which they happened; if the indexes are right, sort the lines by them.';
    else this.#last = index;
  }

  /** The first that does not ascend, and what that means; undefined when all do. */
  get warning(): string | undefined {
    return this.#first;
  }
}
