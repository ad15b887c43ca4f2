/**
 * BROKEN on purpose. The key-value store of examples/raft, whose machine takes from a snapshot only what it does not
 * have yet.
 *
 * The mistake: after a restart the machine is empty, and this is right. But a node that was away for long and receives
 * a snapshot already has values: old ones, which stay, while the log continues from the end of the snapshot. A snapshot
 * must replace everything.
 *
 * The checker says: a key is not linearizable. It takes a node that lags by more than the log contains, and then leads.
 */
import { type Json, Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections and snapshots make the mistake more likely to show. */
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
