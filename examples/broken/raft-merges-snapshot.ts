/**
 * BROKEN on purpose. The key-value store of examples/raft, whose machine takes over of a snapshot what it does not have yet.
 *
 * The mistake: after a restart the machine is empty, and that is right. A node that was away for long and is sent a snapshot has values already:
 * old ones, which stay, while the log goes on from where the snapshot ends. A snapshot takes the place of all that was there.
 *
 * The checker says: a key is not linearizable. It takes a node that lags by more than the log has, and then leads.
 */
import { type Json, Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Elections and snapshots are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60, compactAfter: 5 };

class MergingMachine extends KeyValueMachine {
  override restore(state: Json): void {
    const { values } = this;
    super.restore(state);
    for (const [key, value] of values) this.values.set(key, value);
  }
}

const node = new Node();
serve(node, new Raft(node, new DurableState<Command>(node), new MergingMachine(), OPTIONS));
