/** A test's settings as its workload sees them: the same when the test runs and when its history is judged again. */
import { largestMeanMs } from '../network/rules/latency.ts';
import type { Topology } from '../workloads/topology.ts';
import type { WorkloadOptions } from '../workloads/workload.ts';
import type { Random } from '../world/random.ts';
import type { RunParts } from './run-parts.ts';
import type { TestSpec } from './test-spec.ts';

export function workloadOptionsOf(
  spec: TestSpec,
  random: Random,
  { topology }: Pick<RunParts, 'topology'> = {},
): WorkloadOptions {
  const neighbours = topology?.(spec.nodes);
  return {
    ...spec,
    latencyMs: largestMeanMs(spec.latency),
    random,
    ...(neighbours === undefined ? {} : { neighbours }),
  };
}

/** A topology without neighbours, for a test that is not run: only nodes use the topology, checkers do not. */
export const noNeighbours = (nodes: readonly string[]): Topology => new Map(nodes.map((node) => [node, []]));
