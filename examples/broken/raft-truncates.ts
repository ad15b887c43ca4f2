/**
 * BROKEN on purpose. The key-value store of examples/raft, with a simpler way to take over a leader's entries: cut the
 * log where they begin, and put them there.
 *
 * The mistake: messages may be late. An old one with few entries, or none, cuts off newer entries that agree with the
 * leader's log. This node has acknowledged them, and the leader has counted it for the majority: they are committed,
 * and this node no longer has them. If it helps to elect a leader that lacks them too, they are lost. Only an entry
 * that contradicts the leader's may be cut off.
 *
 * The invariant says: a leader lacks an entry that was committed; a client sees it only later, if at all. It takes
 * messages that overtake each other, and a change of leader soon after.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { type Entry, Log, type Position } from '../raft/log.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
const IMPATIENCE_MS = 60;

class CuttingLog extends Log<Command> {
  override takeOver(prevLogIndex: number, entries: readonly Entry<Command>[]): number | undefined {
    const known = Math.max(0, this.start.index - prevLogIndex);
    this.entries.splice(prevLogIndex + known - this.start.index, Infinity, ...entries.slice(known));
    return prevLogIndex + known + 1;
  }
}

class CuttingState extends DurableState<Command> {
  protected override openLog(start: Position, entries: readonly Entry<Command>[]): CuttingLog {
    return new CuttingLog(start, entries);
  }
}

const node = new Node();
serve(node, new Raft(node, new CuttingState(node), new KeyValueMachine(), { patienceMs: IMPATIENCE_MS }));
