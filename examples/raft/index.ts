/**
 * Linearizable key-value store by Raft, without any service. Start here; then read raft.ts, the algorithm. README.md is
 * the map.
 *
 * Shows a replicated state machine: nodes agree on a log of commands, and each applies it to its own key-value store.
 * Every node accepts requests and hands them to the leader. Reads go through the log like everything else: a leader
 * could answer them from its own store, but how would it know that it still leads? (../broken/raft-stale-reads.ts)
 */
import { Node } from 'maelstrom/node';
import { DurableState } from './durable-state.ts';
import { type Command, KeyValueMachine } from './key-value-machine.ts';
import { Raft } from './raft.ts';
import { serve } from './serve.ts';

const node = new Node();
const raft = new Raft(node, new DurableState<Command>(node), new KeyValueMachine());
serve(node, raft);
