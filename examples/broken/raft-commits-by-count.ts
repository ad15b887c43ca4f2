/**
 * BROKEN on purpose. The key-value store of examples/raft, whose leader considers every entry committed that a majority
 * has.
 *
 * The mistake: that is true only of entries of its own term. An entry of an older term may be on a majority of nodes
 * and still be overwritten by a leader with a later entry that few nodes have (section 5.4.2 of the paper, and its
 * figure 8). Such an entry is committed only together with a later one of the leader's own term.
 *
 * The invariant says: a leader lacks an entry that was committed. It takes several changes of leader in a row, each
 * with entries that only some nodes have.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
const IMPATIENCE_MS = 60;

class CountingRaft extends Raft<Command, Outcome> {
  protected override mayCount(): boolean {
    return true;
  }

  /** Nor does it make sure that it has such an entry. */
  protected override beginTerm(): void {}
}

const node = new Node();
const state = new DurableState<Command>(node);
serve(node, new CountingRaft(node, state, new KeyValueMachine(), { patienceMs: IMPATIENCE_MS }));
