/**
 * BROKEN on purpose. The key-value store of examples/raft, whose nodes store their term, but remember in memory only for which
 * candidate they voted in it.
 *
 * The mistake: a node that has voted, crashes and is back within the term votes once more, for another candidate. Then two
 * candidates have a majority in one term, both lead, and both commit entries at the same index. A vote must be stored before it
 * is sent.
 *
 * The checker says: a key is not linearizable. It takes a restart in the middle of an election.
 */
import { type Fields, Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine, type Operation, type Outcome } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { toTheLeader } from '../raft/to-the-leader.ts';

/** Elections are frequent, and so are the chances of the mistake. */
const IMPATIENCE_MS = 60;

class VoteInMemory extends DurableState<Command> {
  private cast: { readonly term: number; readonly vote: string | undefined } | undefined;

  override get vote(): string | undefined {
    return this.cast?.term === this.term ? this.cast.vote : undefined;
  }

  override saveTerm(term: number, vote: string | undefined): void {
    super.saveTerm(term, vote);
    this.cast = { term, vote };
  }
}

const node = new Node();
const machine = new KeyValueMachine();
const apply = (command: Command): Outcome => machine.apply(command);
const raft = new Raft(node, new VoteInMemory(node), apply, IMPATIENCE_MS);
const execute = toTheLeader(node, raft);

for (const type of ['read', 'write', 'cas'] as const) {
  node.on<Operation & Fields>(type, async ({ msg_id: request = 0, in_reply_to: _, ...operation }, { src }) =>
    execute({ client: src, request, operation }),
  );
}
