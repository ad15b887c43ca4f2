/**
 * BROKEN on purpose. The key-value store of examples/raft, whose leader takes any entry for certain that a majority has.
 *
 * The mistake: that is true only of entries of its own term. An entry of an older term may be on a majority of nodes and still be
 * overwritten by a leader with a later entry that few have (section 5.4.2 of the paper, and its figure 8). Such an entry
 * becomes certain only together with one of the leader's own term behind it.
 *
 * The checker says: a key is not linearizable. It takes several changes of leader in a row, each with entries that only some nodes have.
 */
import { type Fields, Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Operation, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { toTheLeader } from '../raft/to-the-leader.ts';

/** Elections are frequent, and so are the chances of the mistake. */
const IMPATIENCE_MS = 60;

class CountingRaft extends Raft<Command, Outcome> {
  protected override mayCount(): boolean {
    return true;
  }
}

const node = new Node();
const machine = new KeyValueMachine();
const apply = (command: Command): Outcome => machine.apply(command);
const raft = new CountingRaft(node, new DurableState<Command>(node), apply, IMPATIENCE_MS);
const execute = toTheLeader(node, raft);

for (const type of ['read', 'write', 'cas'] as const) {
  node.on<Operation & Fields>(type, async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) =>
    execute({ client: src, request, operation }),
  );
}
