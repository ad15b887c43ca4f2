/**
 * BROKEN on purpose. The key-value store of examples/raft, with a simpler way to take over a leader's entries: cut the log where they
 * begin, and put them there.
 *
 * The mistake: messages come late. An old one with few entries, or none, cuts off newer ones that agree with the leader's log. This node has
 * said that it has them, and the leader has counted it for the majority: they are certain, and this node no longer has them. If it
 * helps to elect a leader that lacks them, too, they are lost. Only an entry that contradicts the leader's may be cut off.
 *
 * The checker says: a key is not linearizable. It takes messages that overtake each other, and a change of leader soon after.
 */
import { type Fields, Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Operation, type Outcome } from '../raft/key-value-machine.ts';
import { type Entry, Log } from '../raft/log.ts';
import { Raft } from '../raft/raft.ts';
import { toTheLeader } from '../raft/to-the-leader.ts';

/** Elections are frequent, and so are the chances of the mistake. */
const IMPATIENCE_MS = 60;

class CuttingLog extends Log<Command> {
  private readonly all: Entry<Command>[];

  constructor(all: Entry<Command>[]) {
    super(all);
    this.all = all;
  }

  override takeOver(index: number, entries: readonly Entry<Command>[]): number | undefined {
    this.all.splice(index, Infinity, ...entries);
    return index + 1;
  }
}

class CuttingState extends DurableState<Command> {
  override readonly log = new CuttingLog(node.storage.readLog<Entry<Command>>('log'));
}

const node = new Node();
const machine = new KeyValueMachine();
const apply = (command: Command): Outcome => machine.apply(command);
const raft = new Raft(node, new CuttingState(node), apply, IMPATIENCE_MS);
const execute = toTheLeader(node, raft);

for (const type of ['read', 'write', 'cas'] as const) {
  node.on<Operation & Fields>(type, async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) =>
    execute({ client: src, request, operation }),
  );
}
