/**
 * A topological order of all transactions: by the whole dependency graph for serial executions, or a weaker order for
 * snapshots or commits alone.
 *
 *     serial     every edge
 *     snapshot   two points per transaction, snapshot and commit:  ww, wr: commit -> snapshot;  rw: snapshot -> commit
 *     commits    ww and wr
 */
import { Int32Column } from '../columns/column.ts';
import { present } from '../columns/present.ts';
import { RELATION } from '../checkers/elle/cycles/cycle-types.ts';
import type { DependencyGraph } from '../checkers/elle/graph/dependency-graph.ts';
import { EdgeBuffer } from '../checkers/elle/graph/edge-buffer.ts';

/** Number of ready snapshots examined for the best next one. */
const LOOKED_AT = 64;

export type OrderKind = 'serial' | 'snapshot' | 'commits';

/**
 * Returns points of transactions: 2 * vertex for a snapshot, 2 * vertex + 1 for a commit or a whole transaction;
 * undefined if no order exists. A helper of the graph has two points too: one leads to snapshots, one to commits.
 */
export function topologicalOrder(graph: DependencyGraph, kind: OrderKind): readonly number[] | undefined {
  const points = 2 * graph.size;
  const starts = new Int32Array(points + 1);
  const targets = new Int32Column();
  const indegrees = new Int32Array(points);
  const out = new EdgeBuffer();
  const splits = kind === 'snapshot';
  for (let point = 0; point < points; point++) {
    const vertex = point >> 1;
    const isCommit = (point & 1) === 1;
    const isTransaction = vertex < graph.transactions;
    out.clear();
    if (splits || isCommit) graph.collect(vertex, out);
    for (let edge = 0; edge < out.length; edge++) {
      const target = present(out.targets[edge]);
      const relation = present(out.relations[edge]);
      if (!splits) {
        if (kind === 'serial' || relation !== RELATION.rw) add(2 * target + 1);
      } else if (!isTransaction) add(2 * target + (isCommit ? 1 : 0));
      else if (isCommit !== (relation === RELATION.rw)) add(2 * target + (isCommit ? 0 : 1));
    }
    if (splits && isTransaction && !isCommit) add(point + 1);
    starts[point + 1] = targets.length;
  }
  const order: number[] = [];
  // Commits first: the fewer snapshots are open, the fewer write something that another transaction has written since.
  const snapshots: number[] = [];
  const others: number[] = [];
  const enter = (point: number): void => {
    (splits && (point & 1) === 0 && point >> 1 < graph.transactions ? snapshots : others).push(point);
  };
  for (let point = points - 1; point >= 0; point--)
    if (indegrees[point] === 0 && (splits || (point & 1) === 1)) enter(point);
  for (let point = nextPoint(); point !== undefined; point = nextPoint()) {
    order.push(point);
    for (let edge = present(starts[point]); edge < present(starts[point + 1]); edge++) {
      const target = targets.at(edge);
      const left = present(indegrees[target]) - 1;
      indegrees[target] = left;
      if (left === 0) enter(target);
    }
  }
  const expected = splits ? points : graph.size;
  return order.length === expected ? order.filter((point) => point >> 1 < graph.transactions) : undefined;

  function nextPoint(): number | undefined {
    const other = others.pop();
    if (other !== undefined) return other;
    // Of some recent ones, take one whose commit depends on nothing else.
    const from = Math.max(0, snapshots.length - LOOKED_AT);
    for (let at = snapshots.length - 1; at >= from; at--)
      if (indegrees[present(snapshots[at]) + 1] === 1) return snapshots.splice(at, 1)[0];
    return snapshots.pop();
  }

  function add(target: number): void {
    targets.push(target);
    indegrees[target] = present(indegrees[target]) + 1;
  }
}
