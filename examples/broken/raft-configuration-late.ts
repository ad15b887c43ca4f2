/**
 * BROKEN on purpose. The key-value store of examples/raft, whose nodes treat a configuration like a command: it takes
 * effect once it is committed.
 *
 * The mistake: a restarted node does not know yet what is committed, and uses an old configuration. A majority of that
 * one need not overlap with a majority of the current one: each has a leader, and both commit. A configuration must
 * take effect as soon as it is in the log, on each node that has it (thesis, section 4.1).
 *
 * The checker says: a key is not linearizable. It takes nodes that have joined, and a partition between them and the
 * old nodes, some of which are restarted.
 */
import { Node } from 'maelstrom/node';
import type { Configuration } from '../raft/configuration.ts';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
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
