/**
 * Strongly connected components by Tarjan's algorithm, without recursion, over a graph that supplies edges on demand.
 *
 * The edges of each vertex are requested once, and kept only while it waits for a successor. Vertices are started from
 * last to first: edges of a history mostly point forward in time, so nearly always all successors are finished, and the
 * vertex is a component of its own that never enters a stack.
 */
import { present } from '../../../columns/present.ts';
import { Int32Column } from '../../../columns/column.ts';
import { EdgeBuffer } from './edge-buffer.ts';
import type { Meter } from '../../budget/meter.ts';

/** A graph whose vertices are numbered from 0. */
export interface EdgeSource {
  readonly size: number;
  /** Adds the edges from a vertex. */
  collect(vertex: number, out: EdgeBuffer): void;
}

/** Compressed rows: vertex v has edges to `targets[starts[v]]` ... `targets[starts[v + 1] - 1]`. */
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
 * Returns the components of at least two vertices. If given, `ranks` receives each vertex's component number, where
 * `ranks[a] >= ranks[b]` if a reaches b.
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
  /** Order in which vertices were reached, from 1; 0 before, FINISHED once the component is known. */
  readonly #numbers: Int32Array;
  #lastNumber = 0;
  #rank = 0;
  readonly #out = new EdgeBuffer();
  /** Vertices that were reached and have no component yet. */
  readonly #open = new Int32Column();
  /** Vertices that wait for a successor, the lowest number each has seen, and its next edge. */
  readonly #waiting = new Int32Column();
  readonly #lows = new Int32Column();
  readonly #cursors = new Int32Column();
  /** The edges of the waiting vertices, one vertex after the other. */
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

  /** Gets the edges of a vertex. Returns true if it is finished at once; otherwise it waits. */
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

  /** Follows the edges of the topmost waiting vertex until one leads to another vertex that has to wait. */
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

  /** Makes one component of everything reached since the vertex. */
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
