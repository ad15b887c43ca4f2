/**
 * What nodes send each other: the arguments and results of figures 2 and 13 of the paper, as messages. Each carries all it takes to
 * understand it, and so may be lost, doubled, late or in any order: an answer belongs to a term, not to a question.
 */
import type { Json } from 'maelstrom/node';
import type { Entry } from './log.ts';
import type { Snapshot } from './snapshot.ts';

export type RequestVote = {
  readonly term: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
};

export type Vote = { readonly term: number; readonly granted: boolean };

export type AppendEntries<Command extends Json> = {
  readonly term: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly Entry<Command>[];
  readonly leaderCommit: number;
};

/** The whole of it in one message, where the paper cuts it into chunks. It is answered like entries, with an append_result. */
export type InstallSnapshot = { readonly term: number; readonly snapshot: Snapshot };

/** `index`: how far the log is known to agree with the leader's, or, when it does not, where to try next. */
export type AppendResult = { readonly term: number; readonly agrees: boolean; readonly index: number };
