/**
 * BROKEN on purpose. The key-value store of examples/raft, made faster: reads do not go through the log. The leader has
 * applied all committed entries, so it answers reads from its own store.
 *
 * The mistake: a leader that has been voted out does not know it. During a partition it goes on answering with its old
 * values, while a majority elsewhere has a new leader and writes. A leader may answer only after a majority has
 * confirmed that it still leads.
 *
 * The checker says: a key is not linearizable; the read of an old value comes after the write of a newer one has been
 * acknowledged. It takes a partition that leaves the leader in a minority.
 */
import { Node, RpcError } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** The sooner a new leader is elected, the longer the old one is wrong. */
const IMPATIENCE_MS = 60;

const node = new Node();
const machine = new KeyValueMachine();
const raft = new Raft(node, new DurableState<Command>(node), machine, { patienceMs: IMPATIENCE_MS });

serve(node, raft, ({ type, key }) => {
  if (type !== 'read' || !raft.isLeader) return undefined;
  const value = machine.valueOf(key);
  if (value === undefined) throw RpcError.keyDoesNotExist('it has no value');
  return { type: 'read_ok', value };
});
