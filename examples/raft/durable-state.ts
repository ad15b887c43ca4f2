/**
 * What a node must know again after a restart: its term, its vote, and its log. Without them it could vote twice
 * in a term, or forget an entry that is certain because this node had it.
 */
import type { Json, Node, Storage } from 'maelstrom/node';
import { type Entry, Log } from './log.ts';

type Ballot = { readonly term: number; readonly vote: string | null };

export class DurableState<Command extends Json> {
  readonly log: Log<Command>;
  private readonly storage: Storage;
  private ballot: Ballot;
  /** How many entries of the stored log are known to be there. */
  private stored: number;

  constructor(node: Node) {
    this.storage = node.storage;
    this.ballot = this.storage.read<Ballot>('ballot') ?? { term: 0, vote: null };
    this.log = new Log(this.storage.readLog<Entry<Command>>('log'));
    this.stored = this.log.lastIndex;
  }

  get term(): number {
    return this.ballot.term;
  }

  /** The candidate this node voted for in this term. */
  get vote(): string | undefined {
    return this.ballot.vote ?? undefined;
  }

  saveTerm(term: number, vote: string | undefined): void {
    if (term === this.ballot.term && vote === this.vote) return;
    this.ballot = { term, vote: vote ?? null };
    this.storage.write('ballot', this.ballot);
  }

  /** Stores the log's entries from that index on, in place of those that stood there. */
  saveLogFrom(index: number): void {
    if (index > this.stored) this.storage.append('log', ...this.log.after(this.stored));
    else this.storage.rewriteLog('log', this.log.after(0));
    this.stored = this.log.lastIndex;
  }
}
