/**
 * What invariants and situations may query about the cluster besides the states of nodes. Queries do not change the run.
 */
import type { Network } from '../../network/network.ts';
import type { Cluster } from './cluster.ts';

export interface ClusterView {
  /** The names of all current members, including those that are down. */
  readonly nodes: readonly string[];
  /** The current condition of a node. A paused node still shows its last state; a killed or crashed one shows none. */
  condition(node: string): NodeCondition;
  /** True while a partition or a one-way cut blocks messages from `from` to `to`. */
  isCut(from: string, to: string): boolean;
}

/** `down`: not started yet. `removed`: has left the cluster. */
export type NodeCondition = 'running' | 'paused' | 'killed' | 'crashed' | 'removed' | 'down';

export function viewOf(
  cluster: Pick<Cluster, 'members' | 'condition'>,
  network: Pick<Network, 'isCut'>,
): ClusterView {
  let members: readonly string[] = [];
  let nodes: readonly string[] = [];
  return {
    get nodes() {
      // A frozen copy, so that sorting it in place cannot change the order of the members.
      if (members !== cluster.members()) {
        members = cluster.members();
        nodes = Object.freeze([...members]);
      }
      return nodes;
    },
    condition: (node) => cluster.condition(node),
    isCut: (from, to) => network.isCut(from, to),
  };
}
