/**
 * BROKEN on purpose. The key-value store of examples/raft, whose snapshots contain the index of their last entry, but
 * not its term.
 *
 * The mistake: that term is still needed, as that of the last entry of a log from which everything was cut. Without it
 * a node appears to have an old log: it votes for candidates that lack its entries, and committed ones are lost.
 * (Figure 13 of the paper: lastIncludedTerm.)
 *
 * The checker says: a key is not linearizable. It takes a change of leader just after a snapshot, while some node lags.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';
import type { Snapshot } from '../raft/snapshot.ts';

/** Frequent elections and snapshots make the mistake more likely to show. */
const OPTIONS = { patienceMs: 60, compactAfter: 3 };

class RaftWithoutTerm extends Raft<Command, Outcome> {
  protected override takeSnapshot(): Snapshot {
    return { ...super.takeSnapshot(), lastIncludedTerm: 0 };
  }
}

const node = new Node();
serve(node, new RaftWithoutTerm(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
