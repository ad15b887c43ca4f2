/**
 * Linearizable key-value store by Raft, without any service. Start here; then raft.ts, the algorithm.
 *
 * Shows a replicated state machine: nodes agree on a log of commands, and each applies it to a key-value store of its
 * own. Reads go through the log like everything else. A leader could answer them from its own store, but how would it
 * know that it still leads? (broken/stale-reads.ts tries.)
 *
 * Every node takes requests and hands them to the leader, naming the term in which that leads. A node that does not lead
 * in that term never will, so its refusal is final, even if the message was doubled and a copy arrives next week.
 */
import { type Fields, Node, RpcError } from 'maelstrom/node';
import { DurableState } from './durable-state.ts';
import { type Command, KeyValueMachine, type Operation, type Outcome } from './key-value-machine.ts';
import { Raft } from './raft.ts';

const node = new Node();
const machine = new KeyValueMachine();
const raft = new Raft<Command, Outcome>(node, new DurableState(node), (command) => machine.apply(command));

for (const type of ['read', 'write', 'cas'] as const) {
  node.on<Operation & Fields>(
    type,
    async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) => {
      const command: Command = { client: src, request, operation };
      if (raft.isLeader) return await raft.propose(command);
      if (raft.leader === undefined) throw RpcError.temporarilyUnavailable('there is no leader at present');
      const { outcome } = await node.rpc<{ outcome: Outcome }>(raft.leader, {
        type: 'forward',
        term: raft.term,
        command,
      });
      return outcome;
    },
  );
}

node.on('forward', async ({ term, command }: { term: number; command: Command }) => {
  if (term !== raft.term) throw RpcError.temporarilyUnavailable(`this node does not lead in term ${term}`);
  return { outcome: await raft.propose(command) };
});
