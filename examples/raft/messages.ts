/**
 * The messages between nodes: the arguments and results of figures 2 and 13 of the paper. Each contains all that is
 * needed to understand it, and so may be lost, duplicated, late or out of order: a reply belongs to a term, not to a
 * request.
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

/**
 * The whole snapshot in one message, where the paper splits it into chunks. It is answered like entries, with an
 * append_result.
 */
export type InstallSnapshot = { readonly term: number; readonly snapshot: Snapshot };

/** `index`: up to where the log is known to agree with the leader's, or, if it does not, where to try next. */
export type AppendResult = { readonly term: number; readonly agrees: boolean; readonly index: number };
