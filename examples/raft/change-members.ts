/**
 * Nodes join and leave, while clients go on: `add_member` and `remove_member` can be sent to any node, and the leader
 * executes them.
 *
 * A node that joins is a learner at first, and is started once that is committed. It gets the snapshot and the log;
 * when it has caught up, the leader makes it a voter (`promote` in raft.ts). A node that leaves does so immediately.
 * Each change is an entry of the log, and the next one does not begin before the last is committed. A request may
 * arrive twice: names are not reused, so it is enough that its result holds.
 */
import { type Node, RpcError } from 'maelstrom/node';
import { type Configuration, membersOf, withLearner, without } from './configuration.ts';
import { toTheLeader } from './to-the-leader.ts';

type Change = { readonly add: string } | { readonly remove: string };

/** How long and how often the leader waits until it may change the configuration. */
const PAUSE_MS = 20;
const PAUSES = 40;

/** The parts of Raft that are needed here. */
export interface Changeable {
  readonly isLeader: boolean;
  readonly isRemoved: boolean;
  readonly leader: string | undefined;
  readonly mayChange: boolean;
  readonly configuration: Configuration;
  change(configuration: Configuration): Promise<void>;
}

export function changeMembers(node: Node, raft: Changeable): void {
  async function carryOut(change: Change): Promise<null> {
    for (let count = 0; count < PAUSES && raft.isLeader && !raft.mayChange; count++)
      await new Promise<void>((resume) => node.after(PAUSE_MS, resume));
    const next = after(raft.configuration, change);
    if (next.voters.length === 0)
      throw RpcError.temporarilyUnavailable('no node would be left that has caught up');
    // If this changes nothing, the configuration is already committed.
    if (next !== raft.configuration || !raft.mayChange) await raft.change(next);
    return null;
  }

  const hand = toTheLeader(node, { type: 'change', carryOut, leader: () => raft.leader });

  const request = async (change: Change): Promise<object> => {
    if (raft.isRemoved) throw RpcError.notAMember(`${node.id} has left the cluster`);
    await hand(change);
    return {};
  };
  node.on('add_member', (body) => request({ add: body.node }));
  node.on('remove_member', (body) => request({ remove: body.node }));
}

/** Returns the same configuration if the change is already made. */
function after(configuration: Configuration, change: Change): Configuration {
  const members = membersOf(configuration);
  if ('add' in change)
    return members.includes(change.add) ? configuration : withLearner(configuration, change.add);
  return members.includes(change.remove) ? without(configuration, change.remove) : configuration;
}
