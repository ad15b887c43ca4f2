/**
 * Cycles among kafka operations: a client polled a message before it was sent, or two logs contradict each other.
 * Checked like Elle's transactions under strict serializability: data dependencies plus realtime order.
 */
import { addTo } from '../../columns/groups.ts';
import { present } from '../../columns/present.ts';
import type { Op } from '../../history/op.ts';
import type { Budget } from '../checker.ts';
import type { StepRecord } from '../elle/anomaly-records.ts';
import { componentAnomalies } from '../elle/cycles/cycle-anomalies.ts';
import { DependencyGraph } from '../elle/graph/dependency-graph.ts';
import { Meter } from '../budget/meter.ts';
import { KafkaDependencies } from './dependencies.ts';
import type { KafkaOperations } from './operations.ts';
import type { CycleErrorType, Found, KafkaCycle } from './result.ts';
import type { KeyOrder, Reads } from './version-orders.ts';

/** Returns the cycles by name of the anomaly; `true` for a graph without any edge. Throws BudgetExhausted. */
export function findCycles(
  operations: KafkaOperations,
  orders: readonly KeyOrder[],
  reads: Reads,
  wwDeps: boolean,
  budget: Budget | undefined,
): ReadonlyMap<CycleErrorType, Found<KafkaCycle>['errs']> {
  const meter = new Meter(budget);
  const dependencies = new KafkaDependencies(operations, orders, reads, wwDeps);
  const graph = new DependencyGraph(operations.log, dependencies, 'realtime', meter);
  const { components, empty } = graph.components(meter);
  if (empty) return new Map([['empty-transaction-graph', true]]);
  const found = new Map<CycleErrorType, KafkaCycle[]>();
  const add = (record: KafkaCycle): void => {
    const type = record.type as CycleErrorType; // no other kinds of cycles exist
    addTo(found, type, record);
  };
  const show = (vertex: number): Op => operations.op(operations.rowOf(vertex));
  for (const component of components) {
    const { exists, cycles } = componentAnomalies(graph, component, [], meter);
    for (const { type, not, subgraph, vertices } of exists) {
      add({
        type,
        not,
        subgraph,
        'scc-size': vertices.length,
        scc: vertices.map((vertex) => operations.op(operations.rowOf(vertex)).index),
      });
    }
    for (const { type, vertices, steps } of cycles) {
      add({
        type,
        cycle: [...vertices, ...vertices.slice(0, 1)].map(show),
        steps: steps.map((step, at): StepRecord<Op> => {
          if (step.type !== 'realtime') return step;
          const next = present(vertices[(at + 1) % vertices.length]);
          return {
            type: 'realtime',
            "a'": show(present(vertices[at])),
            b: operations.invocation(operations.rowOf(next)),
          };
        }),
      });
    }
  }
  return found;
}
