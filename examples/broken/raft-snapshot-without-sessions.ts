/**
 * BROKEN on purpose. The key-value store of examples/raft, whose snapshots contain the keys and their values, and
 * nothing else.
 *
 * The mistake: which requests have been executed is part of the state as well. A node that was restored from such a
 * snapshot executes the second copy of a command, while other nodes ignore it: from then on they differ. (Thesis,
 * section 6.3.)
 *
 * The invariant says: two snapshots of one index differ; an old write comes back, or a compare-and-set is executed
 * twice. It takes requests that are handed to the leader twice, and a restart, or a node that lags, between the two.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Saved } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections and snapshots make the mistake more likely to show. */
const OPTIONS = { patienceMs: 60, compactAfter: 5 };

class ForgetfulMachine extends KeyValueMachine {
  override save(): Saved {
    return { ...super.save(), sessions: [] };
  }
}

const node = new Node();
serve(node, new Raft(node, new DurableState<Command>(node), new ForgetfulMachine(), OPTIONS));
