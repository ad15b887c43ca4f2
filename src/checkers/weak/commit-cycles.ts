/**
 * Cycles in the required commit order: session order, reads-from, version orders that lists show, and orders that reads
 * force. Without a cycle there is a commit order, and the level holds.
 *
 *     T1  write x 1, write y 1
 *     T2  write x 2, write y 2
 *     T3  read x -> 1, read y -> 2      has seen T2, yet reads x from T1: T2 before T1; and by y the reverse
 */
import { present } from '../../columns/present.ts';
import { EdgeBuffer } from '../elle/graph/edge-buffer.ts';
import type { Meter } from '../budget/meter.ts';
import { strongComponents, type EdgeSource } from '../elle/graph/strong-components.ts';
import type { Forced } from './forced-orders.ts';
import { shortestWay } from './ways.ts';
import { Edges, INITIAL, type EdgesByTarget, type VisibleHistory } from './visible-history.ts';

/** Maximum number of forced orders per component whose shortest cycle is searched for. */
const TRIED = 16;

export interface CommitOrders {
  readonly history: VisibleHistory;
  /** Undefined if process order does not count. */
  readonly previous: Int32Array | undefined;
  readonly forced: Forced;
}

/** A graph with edges from each transaction to those that must commit before it. */
class CommitGraph implements EdgeSource {
  readonly size: number;
  readonly #history: VisibleHistory;
  readonly #previous: Int32Array | undefined;
  readonly #forced: EdgesByTarget;

  constructor({ history, previous, forced }: CommitOrders) {
    this.size = history.log.count;
    this.#history = history;
    this.#previous = previous;
    this.#forced = forced.edges.byTarget(this.size);
  }

  collect(t: number, out: EdgeBuffer): void {
    const { counts, readStarts, readFrom, before, readAfterWriting } = this.#history;
    if (counts[t] !== 1) return;
    const previous = this.#previous?.[t] ?? -1;
    if (previous >= 0) out.add(previous, 0);
    for (let read = present(readStarts[t]); read < present(readStarts[t + 1]); read++) {
      const from = present(readFrom.values[read]);
      if (from !== INITIAL) out.add(from, 0);
    }
    if (before !== undefined) collectFrom(before, t, out);
    if (readAfterWriting !== undefined) collectFrom(readAfterWriting, t, out);
    collectFrom(this.#forced, t, out);
  }
}

function collectFrom({ starts, sources }: EdgesByTarget, t: number, out: EdgeBuffer): void {
  const end = present(starts[t + 1]);
  for (let edge = present(starts[t]); edge < end; edge++) out.add(present(sources[edge]), 0);
}

/** Returns the transactions that count, in a commit order; undefined if they form a cycle. */
export function commitOrder(orders: CommitOrders, meter: Meter): readonly number[] | undefined {
  const graph = new CommitGraph(orders);
  const before = new EdgeBuffer();
  const open = new Int32Array(graph.size);
  const followers = new Edges();
  const order: number[] = [];
  for (let t = 0; t < graph.size; t++) {
    before.clear();
    graph.collect(t, before);
    meter.step(before.length + 1);
    open[t] = before.length;
    for (let at = 0; at < before.length; at++) followers.add(t, present(before.targets[at]), 0);
    if (before.length === 0 && orders.history.counts[t] === 1) order.push(t);
  }
  const { starts, sources } = followers.byTarget(graph.size);
  for (const t of order) {
    for (let edge = present(starts[t]); edge < present(starts[t + 1]); edge++) {
      const next = present(sources[edge]);
      const left = present(open[next]) - 1;
      open[next] = left;
      if (left === 0) order.push(next);
    }
  }
  const expected = orders.history.counts.reduce((sum, count) => sum + count, 0);
  return order.length === expected ? order : undefined;
}

export interface CommitCycle {
  /** Each must commit before the next, and the last before the first. */
  readonly transactions: readonly number[];
  /** Whether the first step is a forced order. If false, no step is. */
  readonly isForced: boolean;
}

/**
 * Returns the shortest cycle found in each strongly connected component, with a forced order if the component has any.
 */
export function commitCycles(orders: CommitOrders, meter: Meter): readonly CommitCycle[] {
  const graph = new CommitGraph(orders);
  const knots = strongComponents(graph, meter);
  if (knots.length === 0) return [];
  const knotOf = new Int32Array(graph.size).fill(-1);
  knots.forEach((knot, number) => {
    for (const t of knot) knotOf[t] = number;
  });
  const forcedSteps: Step[][] = knots.map(() => []);
  const { edges } = orders.forced;
  for (let edge = 0; edge < edges.length; edge++) {
    const [from, to] = [edges.sources.at(edge), edges.targets.at(edge)];
    const knot = present(knotOf[from]);
    if (knot < 0 || knot !== knotOf[to]) continue;
    const list = present(forcedSteps[knot]);
    if (list.length < TRIED) list.push({ from, to });
  }
  const out = new EdgeBuffer();
  const beforeIn = (t: number, visit: (before: number) => void): void => {
    out.clear();
    graph.collect(t, out);
    meter.step(out.length + 1);
    for (let at = 0; at < out.length; at++) {
      const before = present(out.targets[at]);
      if (knotOf[before] === knotOf[t]) visit(before);
    }
  };
  return knots.map((knot, number) => {
    const forced = present(forcedSteps[number]);
    const [first = 0] = knot;
    const plain: Step[] = [];
    if (forced.length === 0) beforeIn(first, (before) => plain.push({ from: before, to: first }));
    let shortest: readonly number[] = [];
    for (const { from, to } of forced.length === 0 ? plain : forced) {
      // Within a component each transaction reaches all others.
      const way = present(shortestWay({ from: to, to: from }, beforeIn));
      if (shortest.length === 0 || way.length < shortest.length) shortest = [from, ...way.slice(0, -1)];
    }
    return { transactions: shortest, isForced: forced.length > 0 };
  });
}

interface Step {
  readonly from: number;
  readonly to: number;
}
