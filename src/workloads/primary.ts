/** Which node leads, for workloads whose cluster may have a leader. Nodes do not say, so it is inferred from the network's traffic. */
import type { NodeActivity } from '../network/node-activity.ts';

/**
 * The node through which most of the cluster's traffic went lately. Where nodes do not talk to each other, or two of them
 * only with each other, it is the one of them that answered most clients, and last the first in the order of nodes.
 */
export function busiest(activity: readonly NodeActivity[]): readonly string[] {
  const [first, ...others] = activity;
  if (first === undefined) return [];
  return [others.reduce((leader, node) => (isBusier(node, leader) ? node : leader), first).node];
}

function isBusier(one: NodeActivity, other: NodeActivity): boolean {
  if (one.withNodes !== other.withNodes) return one.withNodes > other.withNodes;
  return one.toClients > other.toClients;
}
