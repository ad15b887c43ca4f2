/**
 * What a node must remember across a restart: its term, its vote, its log, and the snapshot of what was cut from the
 * log. Without them it could vote twice in a term, or forget an entry that is committed because this node had it.
 */
import type { Json, Node, Storage } from 'maelstrom/node';
import type { Configuration, Configured } from './configuration.ts';
import { entriesAfter, type Entry, latestConfiguration, Log, type Position } from './log.ts';
import { NO_SNAPSHOT, type Snapshot } from './snapshot.ts';

type Ballot = { readonly term: number; readonly vote: string | null };

export class DurableState<Command extends Json> {
  /** True if this node has never been started before. */
  readonly isNew: boolean;
  readonly log: Log<Command>;
  protected readonly storage: Storage;
  private ballot: Ballot;
  private latestSnapshot: Snapshot;
  private latestConfigured: Configured;
  /** The last index that is known to be in the stored log. */
  private stored: number;

  constructor(node: Node) {
    this.storage = node.storage;
    const ballot = this.storage.read<Ballot>('ballot');
    this.isNew = ballot === undefined;
    this.ballot = ballot ?? { term: 0, vote: null };
    this.latestSnapshot = this.storage.read<Snapshot>('snapshot') ?? NO_SNAPSHOT;
    const start = endOf(this.latestSnapshot);
    const stored = this.storage.readLog<Entry<Command>>('log');
    const entries = entriesAfter(start, stored);
    // The node was killed after the snapshot had been stored, and before the log was cut.
    if (entries.length < stored.length) this.storage.rewriteLog('log', entries);
    this.log = this.openLog(start, entries);
    this.stored = this.log.lastIndex;
    this.latestConfigured = latestConfiguration(entries) ?? this.latestSnapshot.configured;
  }

  get term(): number {
    return this.ballot.term;
  }

  /** The candidate that this node voted for in this term. */
  get vote(): string | undefined {
    return this.ballot.vote ?? undefined;
  }

  get snapshot(): Snapshot {
    return this.latestSnapshot;
  }

  /** The last configuration in the log, or else the one in the snapshot. */
  get configured(): Configured {
    return this.latestConfigured;
  }

  /**
   * Handles the first start of a node. A cluster is founded by one node that begins with the configuration in its log.
   * All others begin with an empty log, including those that join later, and get the configuration from a leader
   * (thesis, section 4.4).
   */
  begin(founded: Configuration | undefined): void {
    if (founded !== undefined && this.log.lastIndex === 0) {
      this.log.append({ index: 1, term: 1, configuration: founded });
      this.saveLogFrom(1);
    }
    this.saveBallot({ term: this.log.lastTerm, vote: null });
  }

  saveTerm(term: number, vote: string | undefined): void {
    if (term !== this.ballot.term || vote !== this.vote) this.saveBallot({ term, vote: vote ?? null });
  }

  /** Stores the log's entries from that index on, replacing those that were stored there. */
  saveLogFrom(index: number): void {
    if (index > this.stored) this.storage.append('log', ...this.log.after(this.stored));
    else this.storage.rewriteLog('log', this.log.after(0));
    this.noteEnd();
  }

  /**
   * Stores the snapshot first, which is replaced as a whole or not at all; only then may its entries be removed from
   * the log.
   */
  saveSnapshot(snapshot: Snapshot): void {
    this.storage.write('snapshot', snapshot);
    this.cutLog(snapshot);
  }

  protected openLog(start: Position, entries: readonly Entry<Command>[]): Log<Command> {
    return new Log(start, entries);
  }

  protected cutLog(snapshot: Snapshot): void {
    this.log.startAfter(endOf(snapshot));
    this.storage.rewriteLog('log', this.log.after(0));
    this.latestSnapshot = snapshot;
    this.noteEnd();
  }

  private noteEnd(): void {
    this.stored = this.log.lastIndex;
    this.latestConfigured = latestConfiguration(this.log.after(0)) ?? this.latestSnapshot.configured;
  }

  private saveBallot(ballot: Ballot): void {
    this.ballot = ballot;
    this.storage.write('ballot', ballot);
  }
}

const endOf = ({ lastIncludedIndex, lastIncludedTerm }: Snapshot): Position => ({
  index: lastIncludedIndex,
  term: lastIncludedTerm,
});
