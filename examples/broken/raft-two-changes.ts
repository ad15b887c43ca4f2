/**
 * BROKEN on purpose. The key-value store of examples/raft, whose leader begins a change of the configuration before the
 * last one is committed.
 *
 * The mistake: two changes of one voter each amount to one change of two voters. A leader in a minority removes the
 * other nodes one by one until the remaining nodes are a majority, and commits alone; the other nodes, which know
 * nothing of this, are a majority as well. (Thesis, section 4.1.)
 *
 * The invariant says: a change of members while the last one is not committed. It takes a partition that leaves the
 * leader in a minority, and requests to remove nodes, which reach that leader.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
const OPTIONS = { patienceMs: 60 };

class HurriedRaft extends Raft<Command, Outcome> {
  override get mayChange(): boolean {
    return this.isLeader;
  }
}

const node = new Node();
serve(node, new HurriedRaft(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
