/**
 * BROKEN on purpose. The key-value store of examples/raft, which does not wait for the disk: a snapshot is written in the background, and what it
 * holds is cut from the log at once.
 *
 * The mistake: a node that is killed in between has neither. It comes back with nothing that it had said it had, and if it helps to elect
 * a leader that lacks an entry that was certain, that entry is lost. The log may be cut when the snapshot is on disk, and not before.
 *
 * The checker says: a key is not linearizable. It takes a kill just after a snapshot, and a node that lags.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';
import type { Snapshot } from '../raft/snapshot.ts';

/** Elections and snapshots are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60, compactAfter: 5 };
const WRITING_MS = 100;

class HastyState extends DurableState<Command> {
  override saveSnapshot(snapshot: Snapshot): void {
    this.cutLog(snapshot);
    node.after(WRITING_MS, () => this.storage.write('snapshot', snapshot));
  }
}

const node = new Node();
serve(node, new Raft(node, new HastyState(node), new KeyValueMachine(), OPTIONS));
