/**
 * BROKEN on purpose. The key-value store of examples/raft, whose nodes store their term, but keep their vote in that
 * term only in memory.
 *
 * The mistake: a node that has voted, crashes and is back within the term votes once more, for another candidate. Then
 * two candidates have a majority in one term, both lead, and both commit entries at the same index. A vote must be
 * stored before it is sent.
 *
 * The invariant says: two leaders in one term. It takes a restart in the middle of an election.
 */
import { Node } from 'maelstrom/node';
import { DurableState } from '../raft/durable-state.ts';
import { type Command, KeyValueMachine } from '../raft/key-value-machine.ts';
import { Raft } from '../raft/raft.ts';
import { serve } from '../raft/serve.ts';

/** Frequent elections make the mistake more likely to show. */
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
serve(node, new Raft(node, new VoteInMemory(node), new KeyValueMachine(), { patienceMs: IMPATIENCE_MS }));
