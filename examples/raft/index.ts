/**
 * Linearizable key-value store by Raft, without any service. Start here; then raft.ts, the algorithm.
 *
 * Shows a replicated state machine: nodes agree on a log of commands, and each applies it to a key-value store of its
 * own. Every node takes requests and hands them to the leader. Reads go through the log like everything else: a leader
 * could answer them from its own store, but how would it know that it still leads? (../broken/raft-stale-reads.ts)
 */
import { type Fields, Node } from 'maelstrom/node';
import { DurableState } from './durable-state.ts';
import { type Command, KeyValueMachine, type Operation, type Outcome } from './key-value-machine.ts';
import { Raft } from './raft.ts';
import { toTheLeader } from './to-the-leader.ts';

const node = new Node();
const machine = new KeyValueMachine();
const raft = new Raft<Command, Outcome>(node, new DurableState(node), (command) => machine.apply(command));
const execute = toTheLeader(node, raft);

for (const type of ['read', 'write', 'cas'] as const) {
  node.on<Operation & Fields>(type, async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) =>
    execute({ client: src, request, operation }),
  );
}
