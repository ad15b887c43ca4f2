/**
 * BROKEN on purpose. The key-value store of examples/raft, whose snapshots say up to which index they go, but not of which term the
 * entry there was.
 *
 * The mistake: that entry is still asked for, as the last of a log from which all has been cut. A node without its term passes for one with an old log: it
 * votes for candidates that lack what it has, and what was certain is lost. (Figure 13 of the paper: lastIncludedTerm.)
 *
 * The checker says: a key is not linearizable. It takes a change of leader just after a snapshot, while some node lags.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';
import type { Snapshot } from '../raft/snapshot.ts';

/** Elections and snapshots are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60, compactAfter: 3 };

class RaftWithoutTerm extends Raft<Command, Outcome> {
  protected override takeSnapshot(): Snapshot {
    return { ...super.takeSnapshot(), lastIncludedTerm: 0 };
  }
}

const node = new Node();
serve(node, new RaftWithoutTerm(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
