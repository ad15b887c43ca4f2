/**
 * The requests that the nodes of this cluster accept: those of clients, which become commands, and changes of
 * membership.
 */
import { type Fields, type Node, RpcError } from 'maelstrom/node';
import { changeMembers } from './change-members.ts';
import type { Command, Operation, Outcome } from './key-value-machine.ts';
import type { Raft } from './raft.ts';
import { toTheLeader } from './to-the-leader.ts';

export type KeyValueRaft = Raft<Command, Outcome>;

/** `early` may answer a request before it goes through the log. */
export function serve(
  node: Node,
  raft: KeyValueRaft,
  early: (operation: Operation) => Outcome | undefined = () => undefined,
): void {
  const carryOut = (command: Command): Promise<Outcome> => raft.propose(command);
  const execute = toTheLeader(node, { type: 'forward', carryOut, leader: () => raft.leader });

  for (const type of ['read', 'write', 'cas'] as const) {
    node.on<Operation & Fields>(
      type,
      async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) => {
        if (raft.isRemoved) throw RpcError.notAMember(`${node.id} has left the cluster`);
        return early(operation) ?? (await execute({ client: src, request, operation }));
      },
    );
  }
  changeMembers(node, raft);
}
