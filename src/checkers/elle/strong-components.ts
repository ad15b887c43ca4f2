/**
 * Strongly connected components by Tarjan's algorithm, without recursion, over a graph that says its edges when asked.
 *
 * Each vertex is asked once, and its edges are kept only while it waits for a successor. Vertices are started from the last
 * to the first: those of a history point forward in time for the most part, so that nearly always all successors are
 * finished, and the vertex is a component of its own that never enters a stack.
 */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import { EdgeBuffer } from './edge-buffer.ts';
import type { Meter } from './meter.ts';

/** A graph whose vertices are numbered from 0. */
export interface EdgeSource {
  readonly size: number;
  /** Adds the edges out of a vertex. */
  collect(vertex: number, out: EdgeBuffer): void;
}

/** The edges of vertex v lead to `targets[starts[v]]` ... `targets[starts[v + 1] - 1]`. */
export interface Rows {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

export function edgesOf({ starts, targets }: Rows): EdgeSource {
  return {
    size: starts.length - 1,
    collect: (vertex, out) => {
      const end = present(starts[vertex + 1]);
      for (let edge = present(starts[vertex]); edge < end; edge++) out.add(present(targets[edge]), 0);
    },
  };
}

const FINISHED = 0x7fffffff;

/**
 * The components of at least two vertices, each as a list of them. `ranks`, if given, gets the number of each vertex's
 * component, such that where there is a way from a to b, `ranks[a] >= ranks[b]`.
 */
export function strongComponents(graph: EdgeSource, meter: Meter, ranks?: Int32Array): Int32Array[] {
  const search = new Search(graph, meter, ranks);
  for (let root = graph.size - 1; root >= 0; root--) search.start(root);
  return search.components;
}

class Search {
  readonly components: Int32Array[] = [];
  readonly #graph: EdgeSource;
  readonly #meter: Meter;
  readonly #ranks: Int32Array | undefined;
  /** When each vertex was reached, from 1; 0 before, FINISHED when its component is known. */
  readonly #numbers: Int32Array;
  #lastNumber = 0;
  #rank = 0;
  readonly #out = new EdgeBuffer();
  /** The vertices that were reached and belong to no component yet. */
  readonly #open = new Int32Column();
  /** The vertices that wait for a successor, the least number each has seen, and its next edge. */
  readonly #waiting = new Int32Column();
  readonly #lows = new Int32Column();
  readonly #cursors = new Int32Column();
  /** The edges of those that wait, one's after the other's. */
  readonly #edges = new Int32Column();
  readonly #edgeStarts = new Int32Column();

  constructor(graph: EdgeSource, meter: Meter, ranks: Int32Array | undefined) {
    this.#graph = graph;
    this.#meter = meter;
    this.#ranks = ranks;
    this.#numbers = new Int32Array(graph.size);
  }

  start(root: number): void {
    if (this.#numbers[root] !== 0 || this.#reach(root)) return;
    while (this.#waiting.length > 0) this.#goOn();
  }

  /** Asks a vertex for its edges. Whether it is finished at once; it waits else. */
  #reach(vertex: number): boolean {
    const out = this.#out;
    const numbers = this.#numbers;
    out.clear();
    this.#graph.collect(vertex, out);
    const { length, targets } = out;
    this.#meter.step(length + 1);
    let edge = 0;
    while (edge < length && numbers[present(targets[edge])] === FINISHED) edge++;
    if (edge === length) {
      numbers[vertex] = FINISHED;
      if (this.#ranks !== undefined) this.#ranks[vertex] = this.#rank++;
      return true;
    }
    const number = ++this.#lastNumber;
    numbers[vertex] = number;
    this.#open.push(vertex);
    this.#waiting.push(vertex);
    this.#lows.push(number);
    this.#cursors.push(this.#edges.length);
    this.#edgeStarts.push(this.#edges.length);
    for (; edge < length; edge++) this.#edges.push(present(targets[edge]));
    return false;
  }

  /** Follows the edges of the vertex that waits on top, until one leads to a vertex that has to wait too. */
  #goOn(): void {
    const top = this.#waiting.length - 1;
    const vertex = present(this.#waiting.values[top]);
    const end = this.#edges.length;
    let low = present(this.#lows.values[top]);
    let cursor = present(this.#cursors.values[top]);
    while (cursor < end) {
      const target = present(this.#edges.values[cursor++]);
      const number = present(this.#numbers[target]);
      if (number === 0) {
        if (this.#reach(target)) continue;
        this.#lows.values[top] = low;
        this.#cursors.values[top] = cursor;
        return;
      }
      if (number < low) low = number;
    }
    this.#edges.length = present(this.#edgeStarts.values[top]);
    this.#waiting.length = this.#lows.length = this.#cursors.length = this.#edgeStarts.length = top;
    if (low === this.#numbers[vertex]) this.#finish(vertex);
    else if (top > 0 && low < present(this.#lows.values[top - 1])) this.#lows.values[top - 1] = low;
  }

  /** All that was reached since the vertex is one component. */
  #finish(vertex: number): void {
    const open = this.#open;
    let first = open.length - 1;
    while (open.values[first] !== vertex) first--;
    for (let member = first; member < open.length; member++) {
      const each = present(open.values[member]);
      this.#numbers[each] = FINISHED;
      if (this.#ranks !== undefined) this.#ranks[each] = this.#rank;
    }
    this.#rank++;
    if (open.length - first > 1) this.components.push(open.values.slice(first, open.length));
    open.length = first;
  }
}
