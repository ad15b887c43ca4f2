/**
 * Raft, after Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014; this file is its
 * figure 2), and, for changes of the cluster, Ongaro's thesis, "Consensus: Bridging Theory and Practice" (2014, chapter
 * 4). A cluster agrees on one log of commands, as long as a majority of its nodes can communicate.
 *
 *     follower --no leader--> candidate --majority votes--> leader
 *        ^------------------- a higher term is seen -------------------'
 *
 * Everything rests on two facts. Any two majorities share a node. And in each term a node votes once. So there is at
 * most one leader per term, and whichever node becomes leader has every entry that a majority had.
 *
 * What must survive a restart is stored before any message reveals it (durable-state.ts). Around this file: log.ts,
 * snapshot.ts and configuration.ts for the data to agree on, messages.ts for the messages, change-members.ts for
 * requests to change the cluster.
 */
import { type Json, type Node, RpcError } from 'maelstrom/node';
import { agreedIndex, type Configuration, isMajority, membersOf, withVoter } from './configuration.ts';
import type { DurableState } from './durable-state.ts';
import { type Entry, latestConfiguration, type Log } from './log.ts';
import type { AppendEntries, AppendResult, InstallSnapshot, RequestVote, Vote } from './messages.ts';
import { Patience } from './patience.ts';
import { Proposals } from './proposals.ts';
import { type RaftState, type Role, shownLog } from './shown-state.ts';
import type { Snapshot, StateMachine } from './snapshot.ts';

/** The minimum time that followers wait for a leader; much longer than a round trip. */
const PATIENCE_MS = 300;
/** How often a leader sends messages within that time. */
const HEARTBEATS = 3;
/** Maximum number of entries in one message: a node that was away for long catches up in steps. */
const BATCH = 50;
/** The number of applied entries in a log after which they become a snapshot. Low, so that snapshots do occur. */
const COMPACT_AFTER = 50;

export interface RaftOptions {
  readonly patienceMs?: number;
  readonly compactAfter?: number;
}

export class Raft<Command extends Json, Outcome> {
  private role: Role = 'follower';
  private leaderName: string | undefined;
  private commitIndex: number;
  private lastApplied: number;
  private readonly patience: Patience;
  private readonly compactAfter: number;

  // As a candidate: the nodes that voted for this one.
  private readonly votes = new Set<string>();
  // As a leader: how far each log is known to agree with this one, which entry to send next, and the pending proposals.
  private readonly matchIndex = new Map<string, number>();
  private readonly nextIndex = new Map<string, number>();
  private readonly proposals = new Proposals<Outcome | undefined>();

  constructor(
    private readonly node: Node,
    protected readonly state: DurableState<Command>,
    private readonly machine: StateMachine<Command, Outcome>,
    { patienceMs = PATIENCE_MS, compactAfter = COMPACT_AFTER }: RaftOptions = {},
  ) {
    this.patience = new Patience(node, patienceMs, () => this.campaign());
    this.compactAfter = compactAfter;
    this.commitIndex = this.lastApplied = state.snapshot.lastIncludedIndex;
    if (this.lastApplied > 0) machine.restore(state.snapshot.state);
    node.on<RequestVote>('request_vote', (body, { src }) => this.onRequestVote(body, src));
    node.on<Vote>('vote', (body, { src }) => this.onVote(body, src));
    node.on<AppendEntries<Command>>('append_entries', (body, { src }) => this.onAppendEntries(body, src));
    node.on<AppendResult>('append_result', (body, { src }) => this.onAppendResult(body, src));
    node.on<InstallSnapshot>('install_snapshot', (body, { src }) => this.onInstallSnapshot(body, src));
    node.onInit(() => this.start());
    node.inspect(() => this.inspect());
    node.every(patienceMs / HEARTBEATS, () => {
      if (this.isLeader) this.replicate();
    });
  }

  get term(): number {
    return this.state.term;
  }

  /** Whether this node believes that it leads. It may have been voted out without knowing. */
  get isLeader(): boolean {
    return this.role === 'leader';
  }

  /** The leader of this term, as far as this node knows. */
  get leader(): string | undefined {
    return this.leaderName;
  }

  /** A node uses the last configuration in its log, committed or not, because the leader that wrote it already does. */
  get configuration(): Configuration {
    return this.state.configured.configuration;
  }

  /** True when this node has left the cluster, and knows that this is committed. */
  get isRemoved(): boolean {
    return this.isSettled && !membersOf(this.configuration).includes(this.node.id);
  }

  /**
   * Whether the leader may change the configuration: the last change is committed, and so is an entry of this leader's
   * term. Without the second condition, a leader of an earlier term may have written a change that this one has not
   * seen, and two majorities would not overlap.
   */
  get mayChange(): boolean {
    return this.isLeader && this.isSettled && this.log.termAt(this.commitIndex) === this.term;
  }

  /**
   * Adds a command to the log and resolves when it has been applied. Rejects with error 11 when this node does not
   * lead, with error 0 when it was voted out before the outcome of the command was known.
   */
  propose(command: Command): Promise<Outcome> {
    return this.agreeOn({ command }) as Promise<Outcome>; // a command has an outcome
  }

  /** Changes the configuration, by at most one voter; resolves when that is committed. */
  async change(configuration: Configuration): Promise<void> {
    if (!this.mayChange) throw RpcError.temporarilyUnavailable('the configuration cannot be changed now');
    await this.agreeOn({ configuration });
  }

  private agreeOn(content: Pick<Entry<Command>, 'command' | 'configuration'>): Promise<Outcome | undefined> {
    if (!this.isLeader) return Promise.reject(RpcError.temporarilyUnavailable('this node does not lead'));
    const index = this.append(content);
    const outcome = this.proposals.outcomeOf(index);
    this.replicate();
    this.commit();
    return outcome;
  }

  private append(content: Pick<Entry<Command>, 'command' | 'configuration'>): number {
    const index = this.log.lastIndex + 1;
    this.log.append({ index, term: this.term, ...content });
    this.state.saveLogFrom(index);
    return index;
  }

  protected get log(): Log<Command> {
    return this.state.log;
  }

  private get peers(): readonly string[] {
    return membersOf(this.configuration).filter((name) => name !== this.node.id);
  }

  /** Whether the last change of the configuration is committed. */
  protected get isSettled(): boolean {
    const { index } = this.state.configured;
    return index > 0 && index <= this.commitIndex;
  }

  // ---------------------------------------------------------------------------------------------------- elections

  private start(): void {
    this.follow(undefined);
    if (!this.state.isNew) return;
    const isFounder = this.node.nodeIds[0] === this.node.id;
    this.state.begin(isFounder ? { voters: this.node.nodeIds, learners: [] } : undefined);
    // No other node can be a candidate yet.
    if (isFounder) this.node.after(0, () => this.campaign());
  }

  private campaign(): void {
    this.patience.begin(false);
    if (!this.mayLead) return;
    this.role = 'candidate';
    this.leaderName = undefined;
    this.state.saveTerm(this.term + 1, this.node.id);
    this.sayState();
    this.votes.clear();
    const { lastIndex: lastLogIndex, lastTerm: lastLogTerm } = this.log;
    const request = { type: 'request_vote', term: this.term, lastLogIndex, lastLogTerm };
    for (const peer of this.peers) this.node.send(peer, request);
    this.countVote(this.node.id);
  }

  /** A node that is being removed may still be the only one that can commit its removal. */
  private get mayLead(): boolean {
    const { voters, learners } = this.configuration;
    if (voters.includes(this.node.id)) return true;
    return voters.length > 0 && !learners.includes(this.node.id) && !this.isSettled;
  }

  private onRequestVote({ term, lastLogIndex, lastLogTerm }: RequestVote, candidate: string): void {
    // No election can be due: the candidate was removed without knowing it, or cannot hear a leader that others hear
    // (thesis, section 4.2.3).
    if (this.isLeader || this.patience.hearsLeader) return;
    this.hear(term);
    // A node that lacks our entries may lack committed ones, and must not lead.
    const { lastIndex, lastTerm } = this.log;
    const isUpToDate = lastLogTerm > lastTerm || (lastLogTerm === lastTerm && lastLogIndex >= lastIndex);
    const isFree = this.state.vote === undefined || this.state.vote === candidate;
    const granted = term === this.term && isFree && isUpToDate;
    if (granted) {
      this.state.saveTerm(term, candidate);
      this.patience.begin(false);
    }
    this.node.send(candidate, { type: 'vote', term: this.term, granted });
  }

  private onVote({ term, granted }: Vote, voter: string): void {
    this.hear(term);
    if (granted && term === this.term && this.role === 'candidate') this.countVote(voter);
  }

  private countVote(voter: string): void {
    this.votes.add(voter);
    if (!isMajority(this.configuration, this.votes)) return;
    this.patience.end();
    this.role = 'leader';
    this.leaderName = this.node.id;
    this.sayState();
    this.matchIndex.clear();
    this.nextIndex.clear();
    for (const peer of this.peers) this.nextIndex.set(peer, this.log.lastIndex + 1);
    this.beginTerm();
    this.replicate();
    this.commit();
  }

  /**
   * The first entry of its own term tells the leader which of the earlier ones are committed (section 8 of the paper).
   */
  protected beginTerm(): void {
    this.append({});
  }

  /** Handles a higher term: whatever role this node had in the old term is over. */
  private hear(term: number): void {
    if (term <= this.term) return;
    this.state.saveTerm(term, undefined);
    this.follow(undefined);
  }

  private follow(leader: string | undefined): void {
    this.role = 'follower';
    this.leaderName = leader;
    this.sayState();
    this.patience.begin(leader !== undefined);
    this.proposals.giveUp();
  }

  // -------------------------------------------------------------------------------------------------- replication

  private replicate(): void {
    for (const peer of this.peers) this.sendEntries(peer);
  }

  private sendEntries(peer: string): void {
    const prevLogIndex = (this.nextIndex.get(peer) ?? this.log.lastIndex + 1) - 1;
    if (prevLogIndex < this.log.start.index) {
      this.sendSnapshot(peer);
      return;
    }
    this.node.send(peer, {
      type: 'append_entries',
      term: this.term,
      prevLogIndex,
      prevLogTerm: this.log.termAt(prevLogIndex),
      entries: this.log.after(prevLogIndex, BATCH),
      leaderCommit: this.commitIndex,
    });
  }

  /** Continues as if the snapshot had arrived: a follower that did not get it will say so. */
  private sendSnapshot(peer: string): void {
    const { snapshot } = this.state;
    this.node.send(peer, { type: 'install_snapshot', term: this.term, snapshot });
    this.nextIndex.set(peer, snapshot.lastIncludedIndex + 1);
  }

  private onAppendEntries(body: AppendEntries<Command>, leader: string): void {
    const { term, prevLogIndex, prevLogTerm, entries } = body;
    if (!this.accepts(term, leader)) return;
    if (!this.log.matches(prevLogIndex, prevLogTerm)) {
      this.answer(leader, false, Math.min(prevLogIndex - 1, this.log.lastIndex));
      return;
    }
    const changed = this.log.takeOver(prevLogIndex, entries);
    if (changed !== undefined) this.state.saveLogFrom(changed);
    const index = prevLogIndex + entries.length;
    // Only up to here is the log known to be the leader's.
    this.commitIndex = Math.max(this.commitIndex, Math.min(body.leaderCommit, index));
    this.applyCommitted();
    this.answer(leader, true, index);
  }

  private onInstallSnapshot({ term, snapshot }: InstallSnapshot, leader: string): void {
    if (!this.accepts(term, leader)) return;
    const { lastIncludedIndex: index, state } = snapshot;
    // An old snapshot must not undo what has been applied since.
    if (index > this.commitIndex) {
      this.state.saveSnapshot(snapshot);
      this.machine.restore(state);
      this.commitIndex = this.lastApplied = index;
      this.sayState();
    }
    this.answer(leader, true, index);
  }

  /** Whether this is the leader of this term; a leader of an earlier term gets a reply that shows it the later one. */
  private accepts(term: number, leader: string): boolean {
    this.hear(term);
    if (term === this.term) this.follow(leader);
    else this.answer(leader, false, 0);
    return term === this.term;
  }

  private answer(leader: string, agrees: boolean, index: number): void {
    this.node.send(leader, { type: 'append_result', term: this.term, agrees, index });
  }

  private onAppendResult({ term, agrees, index }: AppendResult, follower: string): void {
    this.hear(term);
    if (!this.isLeader || term !== this.term) return;
    // Results arrive in any order; agreement once reached stays.
    const match = Math.max(this.matchIndex.get(follower) ?? 0, agrees ? index : 0);
    this.matchIndex.set(follower, match);
    this.nextIndex.set(follower, Math.max(match, agrees ? 0 : index) + 1);
    if (agrees) this.commit();
    if (this.isLeader && (!agrees || match + BATCH <= this.log.lastIndex)) this.sendEntries(follower);
    if (agrees) this.promote(follower);
  }

  /** Commits what a majority has, where it may be counted. */
  private commit(): void {
    this.matchIndex.set(this.node.id, this.log.lastIndex);
    const index = agreedIndex(this.configuration, this.matchIndex);
    if (index <= this.commitIndex || !this.mayCount(index)) return;
    this.commitIndex = index;
    this.applyCommitted();
    if (this.isRemoved) this.leave();
  }

  /** A leader may count only entries of its own term (section 5.4.2 of the paper). */
  protected mayCount(index: number): boolean {
    return this.log.termAt(index) === this.term;
  }

  /** Makes a learner that has all committed entries a voter: from then on it is equal to the others. */
  private promote(name: string): void {
    const isCaughtUp = (this.matchIndex.get(name) ?? 0) >= this.commitIndex;
    if (!isCaughtUp || !this.mayChange || !this.configuration.learners.includes(name)) return;
    this.append({ configuration: withVoter(this.configuration, name) });
    this.replicate();
    this.commit();
  }

  /** A leader that removed itself leads, without counting itself, until that is committed (thesis, section 4.2.2). */
  private leave(): void {
    this.replicate();
    this.follow(undefined);
  }

  // ----------------------------------------------------------------------------------------------- the state machine

  private applyCommitted(): void {
    while (this.lastApplied < this.commitIndex) {
      const entry = this.log.at(this.lastApplied + 1);
      if (entry === undefined) return;
      this.lastApplied++;
      const outcome = entry.command === undefined ? undefined : this.machine.apply(entry.command);
      this.proposals.applied(this.lastApplied, outcome);
    }
    if (this.lastApplied - this.log.start.index >= this.compactAfter)
      this.state.saveSnapshot(this.takeSnapshot());
    this.sayState();
  }

  protected takeSnapshot(): Snapshot {
    return {
      lastIncludedIndex: this.lastApplied,
      lastIncludedTerm: this.log.termAt(this.lastApplied),
      configured: this.committedConfiguration(),
      state: this.machine.save(),
    };
  }

  protected committedConfiguration(): Snapshot['configured'] {
    return latestConfiguration(this.log.after(0), this.commitIndex) ?? this.state.snapshot.configured;
  }

  // ------------------------------------------------------------------------------------------------ what others see

  /** Reports what the viewer draws on this node's lane, and shows at any moment of the run. */
  private sayState(): void {
    const { term, role, leaderName: leader = null, commitIndex: committed } = this;
    this.node.state({ role, term, leader, committed });
  }

  /** Returns the state for invariants in the simulation; see invariants.ts. */
  private inspect(): RaftState {
    return { role: this.role, commitIndex: this.commitIndex, ...shownLog(this.state) };
  }
}
