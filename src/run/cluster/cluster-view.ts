/** What invariants and situations may ask of the cluster beside the states of nodes. Asking changes nothing of the run. */
import type { Network } from '../../network/network.ts';
import type { Cluster } from './cluster.ts';

export interface ClusterView {
  /** The names of all members at present, those included that are down. */
  readonly nodes: readonly string[];
  /** How that node is at present: one that is paused shows the state that it had before, one that is killed or has crashed none. */
  condition(node: string): NodeCondition;
  /** Whether a partition or a one-way cut keeps messages of that node from the other one at present. */
  isCut(from: string, to: string): boolean;
}

/** `down`: it has not been started yet. `removed`: it has left the cluster. */
export type NodeCondition = 'running' | 'paused' | 'killed' | 'crashed' | 'removed' | 'down';

export function viewOf(
  cluster: Pick<Cluster, 'members' | 'condition'>,
  network: Pick<Network, 'isCut'>,
): ClusterView {
  let members: readonly string[] = [];
  let nodes: readonly string[] = [];
  return {
    get nodes() {
      // A copy, frozen: what sorts it in place must not change the order of the members.
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
