/**
 * The choices of a polygraph: which of two rival blocks of a key comes first. A choice that was made is a literal:
 * twice the pair's number, plus one if the block with the higher place comes first.
 */
import { present } from '../../columns/present.ts';
import type { Block, Polygraph } from './polygraph.ts';

const LOWER_FIRST = 1;
const HIGHER_FIRST = 2;
const HAS_EDGES = 4;

export interface Edge {
  readonly from: number;
  readonly to: number;
  /** An edge label of polygraph.ts; below 0 for the choice that added the edge. */
  readonly label: number;
}

/** Returns the literal for the other side of the same choice. */
export const opposite = (literal: number): number => literal ^ 1;

export const isChoice = (label: number): boolean => label < 0;
/** Converts the label of an edge to the literal that added it. */
export const literalOf = (label: number): number => -1 - label;

export class Choices {
  readonly #polygraph: Polygraph;
  readonly #firstPairs: Float64Array;
  readonly #status: Uint8Array;
  /** Indexed by block: the number of other blocks with which its choice is open. */
  readonly #open: Int32Array;
  readonly #blocks = new Map<number, readonly [lower: Block, higher: Block]>();
  /** Indexed by settled literal with edges: the number of edges in the graph when it was settled. */
  readonly #settledAt = new Map<number, number>();
  readonly #reasons = new Map<number, readonly Edge[]>();
  readonly #keysToSettle = new Set<number>();

  constructor(polygraph: Polygraph) {
    this.#polygraph = polygraph;
    this.#firstPairs = new Float64Array(polygraph.rivals.length);
    this.#open = new Int32Array(polygraph.blocks.length);
    let pairs = 0;
    for (const [key, rivals] of polygraph.rivals.entries()) {
      this.#firstPairs[key] = pairs;
      pairs += (rivals.length * (rivals.length - 1)) / 2;
      for (const { index } of rivals) this.#open[index] = rivals.length - 1;
    }
    this.#status = new Uint8Array(pairs);
    this.#noteChildren();
  }

  /** Returns the number of choices in a polygraph. */
  static count({ rivals }: Polygraph): number {
    return rivals.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  }

  /** Settles that a block precedes the blocks whose first writer read its last version. The edges already say so. */
  #noteChildren(): void {
    const { blocks, parents } = this.#polygraph;
    const byTail = new Map<number, Block>();
    for (const block of blocks) if (block.place > 0) byTail.set(block.tail, block);
    for (const block of blocks) {
      const before = byTail.get(present(parents[block.head]));
      if (before === undefined || block.place === 0) continue;
      this.settle(before, block);
      this.#mark(before, block, HAS_EDGES);
    }
  }

  #pair(one: Block, other: Block): number {
    const [lower, higher] = one.place < other.place ? [one.place, other.place] : [other.place, one.place];
    return present(this.#firstPairs[one.key]) + ((higher - 1) * (higher - 2)) / 2 + lower - 1;
  }

  literal(before: Block, after: Block): number {
    const pair = this.#pair(before, after);
    const isLower = before.place < after.place;
    if (!this.#blocks.has(pair)) this.#blocks.set(pair, isLower ? [before, after] : [after, before]);
    return 2 * pair + (isLower ? 0 : 1);
  }

  /** Returns the blocks of a literal. Requires that `literal` created it. */
  blocksOf(literal: number): readonly [before: Block, after: Block] {
    const [lower, higher] = present(this.#blocks.get(literal >> 1));
    return (literal & 1) === 0 ? [lower, higher] : [higher, lower];
  }

  hasOpen(block: Block): boolean {
    return present(this.#open[block.index]) > 0;
  }

  isSettled(one: Block, other: Block): boolean {
    return ((this.#status[this.#pair(one, other)] ?? 0) & (LOWER_FIRST | HIGHER_FIRST)) !== 0;
  }

  #isBefore(before: Block, after: Block): boolean {
    const status = present(this.#status[this.#pair(before, after)]);
    return (status & (before.place < after.place ? LOWER_FIRST : HIGHER_FIRST)) !== 0;
  }

  #mark(one: Block, other: Block, bits: number): void {
    const pair = this.#pair(one, other);
    this.#status[pair] = present(this.#status[pair]) | bits;
  }

  settle(before: Block, after: Block): void {
    this.#mark(before, after, before.place < after.place ? LOWER_FIRST : HIGHER_FIRST);
    for (const { index } of [before, after]) this.#open[index] = present(this.#open[index]) - 1;
    this.#keysToSettle.add(before.key);
  }

  /**
   * Adds the edges of settled choices, except those that other edges imply. Returns the cycle that they close, if any.
   */
  addSettledEdges(triedFollowers: number): readonly Edge[] | undefined {
    const { graph, rivals } = this.#polygraph;
    const settledAt = graph.edges;
    for (const key of this.#keysToSettle) {
      const ofKey = present(rivals[key]);
      const sorted = ofKey.toSorted((left, right) => this.#placeOf(left) - this.#placeOf(right));
      for (const before of sorted) {
        const followers: Block[] = [];
        for (const after of sorted) {
          if (after === before || !this.#isBefore(before, after)) continue;
          const has = (present(this.#status[this.#pair(before, after)]) & HAS_EDGES) !== 0;
          if (!has && followers.some((other) => this.#isBefore(other, after))) continue;
          if (!has) {
            const cycle = this.addSettled(before, after, settledAt);
            if (cycle !== undefined) return cycle;
          }
          if (followers.length < triedFollowers) followers.push(after);
        }
      }
    }
    this.#keysToSettle.clear();
    return undefined;
  }

  #placeOf(block: Block): number {
    const polygraph = this.#polygraph;
    return present(polygraph.graph.places[polygraph.begin(polygraph.headWriter(block))]);
  }

  /** Adds the edges of a settled choice. The first `settledAt` edges of the graph imply the choice. */
  addSettled(one: Block, other: Block, settledAt = this.#polygraph.graph.edges): readonly Edge[] | undefined {
    const [before, after] = this.#isBefore(one, other) ? [one, other] : [other, one];
    this.#mark(before, after, HAS_EDGES);
    const literal = this.literal(before, after);
    this.#settledAt.set(literal, settledAt);
    return this.insert(literal);
  }

  /** Adds the edges of a choice. Returns the cycle that they close, if any. */
  insert(literal: number): readonly Edge[] | undefined {
    const [before, after] = this.blocksOf(literal);
    const { graph } = this.#polygraph;
    const label = -1 - literal;
    let cycle: readonly Edge[] | undefined;
    this.#polygraph.eachEdge(before, after, (from, to) => {
      if (cycle !== undefined) return;
      const way = graph.insert(from, to, label);
      if (way !== undefined) cycle = [{ from, to, label }, ...this.#edges(way)];
    });
    return cycle;
  }

  #edges(way: readonly number[]): readonly Edge[] {
    const { froms, tos, labels } = this.#polygraph.graph;
    return way.map((edge) => ({ from: froms.at(edge), to: tos.at(edge), label: labels.at(edge) }));
  }

  /**
   * Returns the cycle that the opposite of a settled literal would close with the edges present when it was settled;
   * undefined otherwise.
   */
  reasonOf(literal: number): readonly Edge[] | undefined {
    const known = this.#reasons.get(literal);
    const edges = this.#settledAt.get(literal);
    if (known !== undefined || edges === undefined) return known;
    const [after, before] = this.blocksOf(literal);
    let best: readonly Edge[] | undefined;
    this.#polygraph.eachEdge(before, after, (from, to) => {
      const way = this.#polygraph.graph.way(to, from, edges);
      if (way !== undefined && (best === undefined || way.length + 1 < best.length))
        best = [{ from, to, label: -1 - opposite(literal) }, ...this.#edges(way)];
    });
    if (best !== undefined) this.#reasons.set(literal, best);
    return best;
  }
}
