/**
 * Finds blocks of a key that overlap in the graph's order, where a choice is needed, leftmost first.
 *
 *     order:   w1(x)  w2(x)  r1(x)      w1's write is read after w2: these two blocks overlap
 *
 * Blocks of a key are kept sorted by their first writers, and only what moved in the graph is examined again. Otherwise
 * a history with thousands of writes of one key would be sorted again for each choice (node bench/run.mjs decide 10000
 * five-keys-hundred-processes: a search of 5.5 s became one of 0.2 s).
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import type { Block, Polygraph } from './polygraph.ts';

export class Overlaps {
  readonly #polygraph: Polygraph;
  readonly #meter: Meter;
  /** Indexed by key: its rival blocks in the graph's order. Indexed by block: its position there. */
  readonly #sorted: readonly Int32Array[];
  readonly #positions: Int32Array;
  /** Indexed by block: the points that its position depends on. */
  readonly #headBegins: Int32Array;
  readonly #headCommits: Int32Array;
  readonly #tailCommits: Int32Array;
  /** Indexed by transaction: the blocks whose first or last version it writes, or whose last version it reads. */
  readonly #firstTouched: Int32Array;
  readonly #touched: Int32Array;
  /** Indexed by key: position of the second block of its first overlap; -1 for none. */
  readonly #firstOverlaps: Int32Array;
  readonly #overlapping = new Set<number>();
  /** Indexed by key: first and last position that moved, -1 if none did. Then the keys in which a block moved. */
  readonly #dirtyFrom: Int32Array;
  readonly #dirtyTo: Int32Array;
  readonly #dirty: number[] = [];

  constructor(polygraph: Polygraph, meter: Meter) {
    this.#polygraph = polygraph;
    this.#meter = meter;
    const { blocks, rivals, history } = polygraph;
    this.#positions = new Int32Array(blocks.length);
    this.#headBegins = Int32Array.from(blocks, (block) =>
      block.place > 0 ? polygraph.begin(polygraph.headWriter(block)) : 0,
    );
    this.#headCommits = Int32Array.from(blocks, (block) =>
      block.place > 0 ? polygraph.commit(polygraph.headWriter(block)) : 0,
    );
    this.#tailCommits = Int32Array.from(blocks, (block) =>
      block.place > 0 ? polygraph.commit(polygraph.tailWriter(block)) : 0,
    );
    this.#firstTouched = new Int32Array(history.transactions + 1);
    this.#touched = this.#touchedBlocks();
    this.#sorted = rivals.map((ofKey) =>
      ofKey.length < 2 ? new Int32Array(0) : Int32Array.from(ofKey, ({ index }) => index),
    );
    this.#firstOverlaps = new Int32Array(rivals.length).fill(-1);
    this.#dirtyFrom = new Int32Array(rivals.length).fill(-1);
    this.#dirtyTo = new Int32Array(rivals.length).fill(-1);
    this.doubtAll();
  }

  #touchedBlocks(): Int32Array {
    const { blocks, rivals, readers, history } = this.#polygraph;
    const firsts = this.#firstTouched;
    const each = (take: (transaction: number, block: number) => void): void => {
      for (const ofKey of rivals) {
        if (ofKey.length < 2) continue;
        for (const block of ofKey) {
          take(this.#polygraph.headWriter(block), block.index);
          if (block.tail !== block.head) take(this.#polygraph.tailWriter(block), block.index);
          for (const reader of present(readers[block.tail])) take(reader, block.index);
        }
      }
    };
    each((transaction) => {
      firsts[transaction + 1] = present(firsts[transaction + 1]) + 1;
    });
    for (let at = 0; at < history.transactions; at++)
      firsts[at + 1] = present(firsts[at + 1]) + present(firsts[at]);
    const touched = new Int32Array(present(firsts[history.transactions]));
    const next = firsts.slice();
    each((transaction, block) => {
      const at = present(next[transaction]);
      next[transaction] = at + 1;
      touched[at] = block;
    });
    this.#meter.step(blocks.length);
    return touched;
  }

  /** Sorts everything again after the graph took another order. */
  doubtAll(): void {
    this.#polygraph.graph.moved.length = 0;
    const { places } = this.#polygraph.graph;
    for (const [key, sorted] of this.#sorted.entries()) {
      if (sorted.length === 0) continue;
      const headPlace = (block: number): number => present(places[present(this.#headBegins[block])]);
      sorted.sort((left, right) => headPlace(left) - headPlace(right));
      for (let at = 0; at < sorted.length; at++) this.#positions[present(sorted[at])] = at;
      this.#lookFrom(key, 1);
    }
  }

  /**
   * Returns two neighbours that overlap, the one that began first in front. Of all overlaps it picks the one that
   * begins first.
   */
  next(): readonly [Block, Block] | undefined {
    this.#noteMoved();
    const { places } = this.#polygraph.graph;
    let bestKey = -1;
    let bestPlace = Infinity;
    for (const key of this.#overlapping) {
      const second = present(present(this.#sorted[key])[present(this.#firstOverlaps[key])]);
      const place = present(places[present(this.#headBegins[second])]);
      if (place < bestPlace) [bestKey, bestPlace] = [key, place];
    }
    this.#meter.step(this.#overlapping.size);
    if (bestKey < 0) return undefined;
    const sorted = present(this.#sorted[bestKey]);
    const at = present(this.#firstOverlaps[bestKey]);
    const { blocks } = this.#polygraph;
    return [present(blocks[present(sorted[at - 1])]), present(blocks[present(sorted[at])])];
  }

  #noteMoved(): void {
    const { graph, keysOf, blocks } = this.#polygraph;
    for (const point of graph.moved) {
      const transaction = this.#polygraph.transactionAt(point);
      if (transaction < 0) continue;
      const end = present(this.#firstTouched[transaction + 1]);
      for (let at = present(this.#firstTouched[transaction]); at < end; at++) {
        const block = present(this.#touched[at]);
        const key = present(keysOf[present(blocks[block]).head]);
        const position = present(this.#positions[block]);
        const known = present(this.#dirtyFrom[key]);
        if (known < 0) this.#dirty.push(key);
        if (known < 0 || position < known) this.#dirtyFrom[key] = position;
        if (position > present(this.#dirtyTo[key])) this.#dirtyTo[key] = position;
      }
    }
    this.#meter.step(graph.moved.length);
    graph.moved.length = 0;
    for (const key of this.#dirty) {
      this.#sortAgain(key, present(this.#dirtyFrom[key]), present(this.#dirtyTo[key]));
      this.#dirtyFrom[key] = this.#dirtyTo[key] = -1;
    }
    this.#dirty.length = 0;
  }

  /**
   * Insertion sort: few blocks have moved, all of them between `from` and `to` and not far, possibly past blocks
   * outside that range.
   */
  #sortAgain(key: number, from: number, to: number): void {
    const sorted = present(this.#sorted[key]);
    const { places } = this.#polygraph.graph;
    const [headBegins, positions] = [this.#headBegins, this.#positions];
    let least = from;
    let steps = 0;
    for (let at = Math.max(1, from); at < sorted.length; at++) {
      const block = present(sorted[at]);
      const place = present(places[present(headBegins[block])]);
      let goal = at;
      for (; goal > 0; goal--) {
        const other = present(sorted[goal - 1]);
        if (present(places[present(headBegins[other])]) < place) break;
        sorted[goal] = other;
        positions[other] = goal;
      }
      steps += at - goal + 1;
      // The rest are unchanged and come after all that moved.
      if (goal === at && at > to) break;
      if (goal === at) continue;
      sorted[goal] = block;
      positions[block] = goal;
      if (goal < least) least = goal;
    }
    this.#meter.step(steps >> 3);
    const first = present(this.#firstOverlaps[key]);
    // An overlap further left is still the first.
    if (first < 0 || least <= first) this.#lookFrom(key, Math.max(1, least));
  }

  /** Finds the first overlap of a key. Requires that none comes before `from`. */
  #lookFrom(key: number, from: number): void {
    const sorted = present(this.#sorted[key]);
    let at = from;
    while (at < sorted.length && this.#isOver(present(sorted[at - 1]), present(sorted[at]))) at++;
    this.#meter.step((at - from) >> 2);
    if (at < sorted.length) this.#overlapping.add(key);
    else this.#overlapping.delete(key);
    this.#firstOverlaps[key] = at < sorted.length ? at : -1;
  }

  #isOver(before: number, after: number): boolean {
    const polygraph = this.#polygraph;
    const { places } = polygraph.graph;
    if (
      present(places[present(this.#tailCommits[before])]) >= present(places[present(this.#headBegins[after])])
    )
      return false;
    const { end, tail } = present(polygraph.blocks[before]);
    if (end < 0) return true;
    const committed = present(places[present(this.#headCommits[after])]);
    // All readers come before the end.
    if (present(places[end]) < committed) return true;
    const writer = polygraph.headWriter(present(polygraph.blocks[after]));
    return present(polygraph.readers[tail]).every(
      (reader) => reader === writer || present(places[polygraph.begin(reader)]) < committed,
    );
  }
}
