/**
 * BROKEN on purpose. The key-value store of examples/raft, whose leader changes the configuration as soon as the last
 * change in its log is committed.
 *
 * The mistake: a leader of an earlier term may have a change in its log that this leader has not seen. Both changes
 * differ from the same configuration by one voter, and so from each other by two: their majorities need not overlap,
 * and the old leader comes back and overwrites committed entries. This was a bug of the thesis (section 4.1), found a
 * year later: a leader must first commit an entry of its own term, such as the no-op with which it begins.
 *
 * The checker says: a key is not linearizable. It takes two changes of leader, and in each a change of the
 * configuration that only some nodes have.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
const OPTIONS = { patienceMs: 60 };

class HastyRaft extends Raft<Command, Outcome> {
  protected override beginTerm(): void {}

  override get mayChange(): boolean {
    return this.isLeader && this.isSettled;
  }
}

const node = new Node();
serve(node, new HastyRaft(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
