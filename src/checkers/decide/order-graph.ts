/**
 * A graph of points that maintains a topological order while edges are added and removed.
 *
 * After Pearce and Kelly, "A Dynamic Topological Sort Algorithm for Directed Acyclic Graphs" (2006): an edge that
 * agrees with the order costs nothing; any other edge either moves only points between its ends or closes a cycle.
 * Edges are removed newest first, which leaves the order valid.
 */
import { Int32Column } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';

export class OrderGraph {
  readonly size: number;
  readonly froms = new Int32Column();
  readonly tos = new Int32Column();
  /** Indexed by edge. */
  readonly labels = new Int32Column();
  readonly firstOut: Int32Array;
  readonly nextOut = new Int32Column();
  readonly #firstIn: Int32Array;
  readonly #nextIn = new Int32Column();
  /** Indexed by point: its position in the order. Set by `startFrom`. */
  places: Int32Array;
  /** Points that moved since the caller last cleared this list, possibly repeated. */
  readonly moved: number[] = [];
  readonly #meter: Meter;
  readonly #isLast: (label: number) => boolean;
  /** Indexed by point: the mark of the last search that reached it, and the edge by which it did. */
  readonly #marks: Int32Array;
  readonly #reachedBy: Int32Array;
  #mark = 0;

  /** `isLast` is true for labels of edges that paths use only where no other path exists. */
  constructor(size: number, meter: Meter, isLast: (label: number) => boolean) {
    this.size = size;
    this.#meter = meter;
    this.#isLast = isLast;
    this.firstOut = new Int32Array(size).fill(-1);
    this.#firstIn = new Int32Array(size).fill(-1);
    this.places = new Int32Array(size);
    this.#marks = new Int32Array(size);
    this.#reachedBy = new Int32Array(size);
  }

  get edges(): number {
    return this.froms.length;
  }

  /** Adds an edge without checking the order. */
  add(from: number, to: number, label: number): void {
    const edge = this.froms.push(from);
    this.tos.push(to);
    this.labels.push(label);
    this.nextOut.push(present(this.firstOut[from]));
    this.#nextIn.push(present(this.#firstIn[to]));
    this.firstOut[from] = edge;
    this.#firstIn[to] = edge;
  }

  /** Calls `take` with each direct predecessor of a point. */
  eachBefore(point: number, take: (before: number) => void): void {
    for (let edge = present(this.#firstIn[point]); edge >= 0; edge = present(this.#nextIn.values[edge]))
      take(present(this.froms.values[edge]));
  }

  /** Returns the number of incoming edges, indexed by point. */
  indegrees(): Int32Array {
    const indegrees = new Int32Array(this.size);
    for (let edge = 0; edge < this.edges; edge++) {
      const to = present(this.tos.values[edge]);
      indegrees[to] = present(indegrees[to]) + 1;
    }
    return indegrees;
  }

  /**
   * Returns the points in topological order, without those on or behind a cycle. Decrements `indegrees`, which stays
   * above 0 for the points left out.
   */
  sorted(indegrees: Int32Array): number[] {
    const sorted = [...indegrees.keys()].filter((point) => indegrees[point] === 0);
    for (const point of sorted) {
      for (let edge = present(this.firstOut[point]); edge >= 0; edge = present(this.nextOut.values[edge])) {
        const to = present(this.tos.values[edge]);
        const left = present(indegrees[to]) - 1;
        indegrees[to] = left;
        if (left === 0) sorted.push(to);
      }
    }
    return sorted;
  }

  /** Removes all edges from index `edges` on. */
  truncate(edges: number): void {
    while (this.edges > edges) {
      const edge = this.edges - 1;
      this.firstOut[this.froms.at(edge)] = this.nextOut.at(edge);
      this.#firstIn[this.tos.at(edge)] = this.#nextIn.at(edge);
      for (const column of [this.froms, this.tos, this.labels, this.nextOut, this.#nextIn])
        column.length = edge;
    }
  }

  /** Sets the initial order, which must agree with all edges. */
  startFrom(places: Int32Array): void {
    this.places = places;
  }

  /** Adds an edge. If it would close a cycle, returns the other edges of a short one, in order, and adds nothing. */
  insert(from: number, to: number, label: number): readonly number[] | undefined {
    if (present(this.places[from]) > present(this.places[to])) {
      const path = this.#makeRoom(from, to);
      if (path !== undefined) return path;
    } else if (from === to) return [];
    this.add(from, to, label);
    return undefined;
  }

  /** Moves `to` and its successors behind `from` and its predecessors, or returns the path from `to` to `from`. */
  #makeRoom(from: number, to: number): readonly number[] | undefined {
    const { places } = this;
    const after = this.#search(to, from, this.edges, present(places[from]));
    if (after === undefined) return this.#wayTo(from, to);
    const before = this.#searchBack(from, present(places[to]));
    const byPlace = (left: number, right: number): number => present(places[left]) - present(places[right]);
    const points = [...before.sort(byPlace), ...after.sort(byPlace)];
    const free = points.map((point) => present(places[point])).sort((left, right) => left - right);
    for (const [index, point] of points.entries()) {
      places[point] = present(free[index]);
      this.moved.push(point);
    }
    return undefined;
  }

  /**
   * Returns all points up to `lastPlace` that are reachable from `start` by edges below `edges`, or undefined if `goal`
   * is among them. Follows realtime edges only where no other path is left: a cycle without them proves more.
   */
  #search(start: number, goal: number, edges: number, lastPlace: number): number[] | undefined {
    const { places, firstOut, nextOut, tos, labels } = this;
    const mark = ++this.#mark;
    const reached = [start];
    let byTime: number[] = [];
    this.#marks[start] = mark;
    for (let at = 0; ; at++) {
      if (at === reached.length) {
        const waiting = byTime;
        byTime = [];
        for (const edge of waiting) if (this.#reach(edge, mark, goal, reached)) return undefined;
        if (reached.length === at) return reached;
      }
      let edge = present(firstOut[present(reached[at])]);
      for (; edge >= 0; edge = present(nextOut.values[edge])) {
        this.#meter.step(1);
        if (edge >= edges) continue;
        const next = present(tos.values[edge]);
        if (this.#marks[next] === mark || present(places[next]) > lastPlace) continue;
        if (this.#isLast(present(labels.values[edge]))) byTime.push(edge);
        else if (this.#reach(edge, mark, goal, reached)) return undefined;
      }
    }
  }

  /** Marks the target of an edge as reached. Returns true when it is the goal. */
  #reach(edge: number, mark: number, goal: number, reached: number[]): boolean {
    const point = present(this.tos.values[edge]);
    if (this.#marks[point] === mark) return false;
    this.#marks[point] = mark;
    this.#reachedBy[point] = edge;
    reached.push(point);
    return point === goal;
  }

  #searchBack(start: number, firstPlace: number): number[] {
    const mark = ++this.#mark;
    const reached = [start];
    this.#marks[start] = mark;
    for (const point of reached) {
      let edge = present(this.#firstIn[point]);
      for (; edge >= 0; edge = present(this.#nextIn.values[edge])) {
        this.#meter.step(1);
        const before = present(this.froms.values[edge]);
        if (this.#marks[before] === mark || present(this.places[before]) < firstPlace) continue;
        this.#marks[before] = mark;
        reached.push(before);
      }
    }
    return reached;
  }

  #wayTo(goal: number, start: number): number[] {
    const way: number[] = [];
    for (let point = goal; point !== start;) {
      const edge = present(this.#reachedBy[point]);
      way.push(edge);
      point = this.froms.at(edge);
    }
    return way.toReversed();
  }

  /** Returns the edges of a short path that uses only edges below `edges`; undefined if there is none. */
  way(from: number, to: number, edges: number): readonly number[] | undefined {
    if (from === to) return [];
    const reached = this.#search(from, to, edges, Infinity);
    return reached === undefined ? this.#wayTo(to, from) : undefined;
  }
}
