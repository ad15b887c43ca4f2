/**
 * BROKEN on purpose. The key-value store of examples/raft, whose nodes treat a configuration like a command: it is in force once it is committed.
 *
 * The mistake: a node that starts again does not know yet what is committed, and goes by the configuration of long ago. A majority of that one need not
 * meet a majority of the one in force: both have a leader, and both commit. A configuration is in force from the moment it is in
 * the log, on each node that has it (thesis, section 4.1).
 *
 * The checker says: a key is not linearizable. It takes nodes that have joined, and a partition that parts the old ones from them, among which some
 * are started again.
 */
import { Node } from 'maelstrom/node';
import type { Configuration } from '../raft/configuration.ts';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Elections are frequent, and so are the chances of the mistake. */
const OPTIONS = { patienceMs: 60 };

class LateRaft extends Raft<Command, Outcome> {
  override get configuration(): Configuration {
    const { index, configuration } = this.committedConfiguration();
    // Before any is committed, the one with which the cluster was founded.
    return index > 0 ? configuration : (this.log.at(1)?.configuration ?? configuration);
  }
}

const node = new Node();
serve(node, new LateRaft(node, new DurableState<Command>(node), new KeyValueMachine(), OPTIONS));
