/**
 * Infers which node leads, for workloads whose cluster may have a leader. Nodes do not report it, so it is inferred
 * from the network's traffic.
 */
import type { NodeActivity } from '../network/node-activity.ts';

/**
 * Returns the node with most of the cluster's recent traffic between nodes. Ties, as between nodes that do not talk to
 * each other or two that only talk to each other, go to the node that has answered most clients, and then to the first
 * node.
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
