/**
 * Cycles of what must commit before what: session order, reads-from, orders of versions that lists show, and what reads force. Where
 * there is none, the transactions can be laid out in a commit order, and the level holds.
 *
 *     T1  write x 1, write y 1
 *     T2  write x 2, write y 2
 *     T3  read x -> 1, read y -> 2      has seen T2, yet reads x from T1: T2 before T1; and the other way round by y
 */
import { present } from '../../columns/present.ts';
import { EdgeBuffer } from '../elle/edge-buffer.ts';
import type { Meter } from '../elle/meter.ts';
import { strongComponents, type EdgeSource } from '../elle/strong-components.ts';
import type { Forced } from './forced-orders.ts';
import { shortestWay } from './ways.ts';
import { INITIAL, type EdgesByTarget, type VisibleHistory } from './visible-history.ts';

/** Forced orders of a knot from each of which the shortest cycle is looked for. */
const TRIED = 16;

export interface CommitOrders {
  readonly history: VisibleHistory;
  /** Undefined where sessions do not count. */
  readonly previous: Int32Array | undefined;
  readonly forced: Forced;
}

/** Each transaction leads to those that must commit before it. */
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
    const { counts, readStarts, readFrom, before } = this.#history;
    if (counts[t] !== 1) return;
    const previous = this.#previous?.[t] ?? -1;
    if (previous >= 0) out.add(previous, 0);
    for (let read = present(readStarts[t]); read < present(readStarts[t + 1]); read++) {
      const from = present(readFrom.values[read]);
      if (from !== INITIAL) out.add(from, 0);
    }
    if (before !== undefined) collectFrom(before, t, out);
    collectFrom(this.#forced, t, out);
  }
}

function collectFrom({ starts, sources }: EdgesByTarget, t: number, out: EdgeBuffer): void {
  const end = present(starts[t + 1]);
  for (let edge = present(starts[t]); edge < end; edge++) out.add(present(sources[edge]), 0);
}

/**
 * The shortest cycle found in each knot of transactions that has a forced order, as a list of transactions of which each must commit
 * before the next one, and the last before the first. The first step of each is a forced one. Knots without any are told by others.
 */
export function commitCycles(orders: CommitOrders, meter: Meter): readonly (readonly number[])[] {
  const graph = new CommitGraph(orders);
  const knots = strongComponents(graph, meter);
  if (knots.length === 0) return [];
  const knotOf = new Int32Array(graph.size).fill(-1);
  knots.forEach((knot, number) => {
    for (const t of knot) knotOf[t] = number;
  });
  const tried: number[][] = knots.map(() => []);
  const { edges } = orders.forced;
  for (let edge = 0; edge < edges.length; edge++) {
    const knot = present(knotOf[edges.sources.at(edge)]);
    if (knot < 0 || knot !== knotOf[edges.targets.at(edge)]) continue;
    const list = present(tried[knot]);
    if (list.length < TRIED) list.push(edge);
  }
  const out = new EdgeBuffer();
  return tried.flatMap((list) => {
    let shortest: readonly number[] | undefined;
    for (const edge of list) {
      const [from, to] = [edges.sources.at(edge), edges.targets.at(edge)];
      const way = shortestWay({ from: to, to: from }, (t, visit) => {
        out.clear();
        graph.collect(t, out);
        meter.step(out.length + 1);
        for (let at = 0; at < out.length; at++) {
          const before = present(out.targets[at]);
          if (knotOf[before] === knotOf[t]) visit(before);
        }
      });
      if (way !== undefined && way.length < (shortest?.length ?? Infinity))
        shortest = [from, ...way.slice(0, -1)];
    }
    return shortest === undefined ? [] : [shortest];
  });
}
