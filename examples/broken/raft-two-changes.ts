/**
 * BROKEN on purpose. The key-value store of examples/raft, whose leader begins a change of the configuration while the last one is not yet certain.
 *
 * The mistake: two changes of one voter each are one of two voters. A leader that is cut off with few others removes the rest, one after the other, until those that are
 * left are a majority, and commits alone; the rest, which know of none of that, are a majority as well. (Thesis, section 4.1.)
 *
 * The invariant says: a change of members while the last one is not committed. It takes a partition that leaves the leader in a minority, and requests to remove nodes that it hears.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Elections are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60 };

class HurriedRaft extends Raft<Command, Outcome> {
  override get mayChange(): boolean {
    return this.isLeader;
  }
}

const node = new Node();
serve(node, new HurriedRaft(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
