/**
 * BROKEN on purpose. The key-value store of examples/raft, which does not wait for the disk: a snapshot is written in
 * the background, and the entries that it covers are removed from the log immediately.
 *
 * The mistake: a node that is killed in between has neither. It comes back without data that it had acknowledged, and
 * if it helps to elect a leader that lacks a committed entry, that entry is lost. The log must not be cut before the
 * snapshot is on disk.
 *
 * The checker says: a key is not linearizable. It takes a kill just after a snapshot, and a node that lags.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';
import type { Snapshot } from '../raft/snapshot.ts';

/** Frequent elections and snapshots make the mistake more likely to show. */
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
