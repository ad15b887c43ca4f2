/** A node of examples/raft with a transport, timers and a disk of the benchmark. */
import { DurableState } from '../examples/raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../examples/raft/key-value-machine.ts';
import { Raft } from '../examples/raft/raft.ts';
import { serve } from '../examples/raft/serve.ts';
import { type FileSystem, Node, Storage, type Timers, type Transport } from '../src/node/index.ts';

export function startRaft(transport: Transport, timers: Timers, files: FileSystem): void {
  const node = new Node({ transport, timers, storage: new Storage({ folder: '/', files }) });
  // Each program may show one state, and here five are in one realm.
  Object.assign(globalThis, { maelstromInspect: undefined });
  serve(node, new Raft(node, new DurableState<Command>(node), new KeyValueMachine()));
}
