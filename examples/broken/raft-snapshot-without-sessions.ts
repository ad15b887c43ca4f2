/**
 * BROKEN on purpose. The key-value store of examples/raft, whose snapshots have the keys and their values, and nothing else.
 *
 * The mistake: which requests have been carried out is a part of the state as well. A node that was restored from such a snapshot carries out the second
 * copy of a command, and one that was not does nothing: from there on they differ. (Thesis, section 6.3.)
 *
 * The invariant says: two snapshots of one index differ; an old write comes back, or a compare-and-set is done twice. It takes requests that are handed to the
 * leader twice, and a restart, or a node that lags, between the two.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Saved } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Elections and snapshots are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60, compactAfter: 5 };

class ForgetfulMachine extends KeyValueMachine {
  override save(): Saved {
    return { ...super.save(), sessions: [] };
  }
}

const node = new Node();
serve(node, new Raft(node, new DurableState<Command>(node), new ForgetfulMachine(), OPTIONS));
