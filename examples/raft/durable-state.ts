/**
 * What a node must know again after a restart: its term, whom it voted for, and its log. Without them it could vote twice
 * in a term, or forget an entry that was certain because this node had it.
 */
import type { Json, Node } from 'maelstrom/node';
import { Log } from './log.ts';

export class DurableState<Command extends Json> {
  term = 0;
  /** Whom this node voted for in this term. */
  vote: string | undefined;
  readonly log = new Log<Command>();

  constructor(private readonly node: Node) {}

  saveTerm(term: number, vote: string | undefined): void {
    this.term = term;
    this.vote = vote;
  }

  saveLogFrom(_index: number): void {}
}
