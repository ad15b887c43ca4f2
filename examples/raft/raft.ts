/**
 * Raft, after Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014): a cluster agrees on one
 * log of commands, as long as a majority of its nodes hear each other.
 *
 *     follower --no leader--> candidate --majority votes--> leader
 *        ^---------------- a higher term is heard of ----------------'
 *
 * Everything rests on two facts. Any two majorities share a node. And in each term a node votes once: so there is one
 * leader a term, and whichever node becomes leader has every entry that a majority had.
 *
 * Messages carry all it takes to understand them, and so may be lost, doubled, late or in any order. There are no RPCs
 * here: an answer belongs to a term, not to a question. What must survive a restart (term, vote and log) is stored before
 * any message speaks of it.
 *
 * Left out: snapshots (the log grows forever), and changes of membership.
 */
import { type Body, type Json, type Node, RpcError, stringify } from 'maelstrom/node';
import type { DurableState } from './durable-state.ts';
import type { Entry, Log } from './log.ts';

/** How long followers wait for a leader, at least; much more than a message takes there and back. */
const PATIENCE_MS = 300;
/** How often a leader is heard of while they wait. */
const HEARTBEATS = 3;
/** How many entries of its log a node shows of its state: where logs disagree, they do so at their ends first. */
const SHOWN = 10;
/** The most entries in one message: a node that was away for long catches up in steps. */
const BATCH = 50;

type RequestVote = { readonly term: number; readonly lastIndex: number; readonly lastTerm: number };
type Vote = { readonly term: number; readonly granted: boolean };
type AppendEntries<Command extends Json> = {
  readonly term: number;
  readonly previousIndex: number;
  readonly previousTerm: number;
  readonly entries: readonly Entry<Command>[];
  readonly commitIndex: number;
};
/** `index`: how far the log is known to agree with the leader's, or, when it does not, where to try next. */
type AppendResult = { readonly term: number; readonly agrees: boolean; readonly index: number };

/** Of a log the entries behind `from`, each with its term and its command. */
export type RaftState = {
  readonly term: number;
  readonly role: 'follower' | 'candidate' | 'leader';
  readonly vote: string | null;
  readonly commitIndex: number;
  readonly from: number;
  readonly entries: readonly string[];
};

interface Proposal<Outcome> {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: RpcError) => void;
}

export class Raft<Command extends Json, Outcome> {
  private role: 'follower' | 'candidate' | 'leader' = 'follower';
  private leaderName: string | undefined;
  private commitIndex = 0;
  private lastApplied = 0;
  private stopPatience = (): void => {};

  private readonly texts = new WeakMap<Entry, string>();

  // As a candidate: who voted for this node.
  private readonly votes = new Set<string>();
  // As a leader: how far each log is known to agree with this one, which entry to send next, and who waits for what.
  private readonly agreed = new Map<string, number>();
  private readonly next = new Map<string, number>();
  private readonly proposals = new Map<number, Proposal<Outcome>>();

  constructor(
    private readonly node: Node,
    private readonly state: DurableState<Command>,
    /** Called with each command once it is certain, in the order of the log. */
    private readonly apply: (command: Command) => Outcome,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    node.on<RequestVote>('request_vote', (body, { src }) => this.onRequestVote(body, src));
    node.on<Vote>('vote', (body, { src }) => this.onVote(body, src));
    node.on<AppendEntries<Command>>('append_entries', (body, { src }) => this.onAppendEntries(body, src));
    node.on<AppendResult>('append_result', (body, { src }) => this.onAppendResult(body, src));
    node.onInit(() => this.follow(undefined));
    node.inspect(() => this.inspect());
    node.every(patienceMs / HEARTBEATS, () => {
      if (this.isLeader) this.replicate();
    });
  }

  get term(): number {
    return this.state.term;
  }

  /** The state for invariants in the simulation; see invariants.ts. */
  private inspect(): RaftState {
    const { term, role, commitIndex, log } = this;
    const from = Math.max(0, log.lastIndex - SHOWN);
    const entries = log.after(from).map((entry) => this.shown(entry));
    return { term, role, vote: this.state.vote ?? null, commitIndex, from, entries };
  }

  /** What the viewer draws on this node's lane, and shows at any moment of the run. */
  private sayState(): void {
    const { term, role, leaderName: leader = null, commitIndex: committed } = this;
    this.node.state({ role, term, leader, committed });
  }

  /** Written once: a node is looked at after each message. */
  private shown(entry: Entry): string {
    const text = this.texts.get(entry) ?? `${entry.term} ${stringify(entry.command)}`;
    this.texts.set(entry, text);
    return text;
  }

  /** Whether this node believes that it leads. It may have been voted out, and not have heard of it. */
  get isLeader(): boolean {
    return this.role === 'leader';
  }

  /** Who leads in this term, as far as this node knows. */
  get leader(): string | undefined {
    return this.leaderName;
  }

  /**
   * Adds a command to the log and resolves when it has been applied. Rejects with error 11 when this node does not lead,
   * with error 0 when it was voted out before it knew what becomes of the command.
   */
  propose(command: Command): Promise<Outcome> {
    if (!this.isLeader) return Promise.reject(RpcError.temporarilyUnavailable('this node does not lead'));
    const index = this.log.append({ term: this.term, command });
    this.state.saveLogFrom(index);
    const outcome = new Promise<Outcome>((resolve, reject) => this.proposals.set(index, { resolve, reject }));
    this.replicate();
    this.commit();
    return outcome;
  }

  private get log(): Log<Command> {
    return this.state.log;
  }

  private get majority(): number {
    return Math.floor(this.node.nodeIds.length / 2) + 1;
  }

  // ---------------------------------------------------------------------------------------------------- elections

  /** Begins to wait anew. The time is drawn, so that nodes do not all stand for election at once. */
  private waitForLeader(): void {
    this.stopPatience();
    this.stopPatience = this.node.after(this.patienceMs * (1 + this.node.random()), () => this.campaign());
  }

  private campaign(): void {
    this.waitForLeader();
    this.role = 'candidate';
    this.leaderName = undefined;
    this.state.saveTerm(this.term + 1, this.node.id);
    this.sayState();
    this.votes.clear();
    const { lastIndex, lastTerm } = this.log;
    this.tellAll({ type: 'request_vote', term: this.term, lastIndex, lastTerm });
    this.countVote(this.node.id);
  }

  private onRequestVote({ term, lastIndex, lastTerm }: RequestVote, candidate: string): void {
    this.hear(term);
    // A node that lacks entries that we have may lack some that are certain, and must not lead.
    const isUpToDate =
      lastTerm > this.log.lastTerm || (lastTerm === this.log.lastTerm && lastIndex >= this.log.lastIndex);
    const isFree = this.state.vote === undefined || this.state.vote === candidate;
    const granted = term === this.term && isFree && isUpToDate;
    if (granted) {
      this.state.saveTerm(term, candidate);
      this.waitForLeader();
    }
    this.node.send(candidate, { type: 'vote', term: this.term, granted });
  }

  private onVote({ term, granted }: Vote, voter: string): void {
    this.hear(term);
    if (granted && term === this.term && this.role === 'candidate') this.countVote(voter);
  }

  private countVote(voter: string): void {
    this.votes.add(voter);
    if (this.votes.size < this.majority) return;
    this.stopPatience();
    this.role = 'leader';
    this.leaderName = this.node.id;
    this.sayState();
    for (const peer of this.node.peers) {
      this.agreed.set(peer, 0);
      this.next.set(peer, this.log.lastIndex + 1);
    }
    this.replicate();
  }

  /** A higher term than one's own: whatever this node was in the old one, that is over. */
  private hear(term: number): void {
    if (term <= this.term) return;
    this.state.saveTerm(term, undefined);
    this.follow(undefined);
  }

  private follow(leader: string | undefined): void {
    this.role = 'follower';
    this.leaderName = leader;
    this.sayState();
    this.waitForLeader();
    // These commands are in some logs. The next leader may have them, or not.
    for (const { reject } of this.proposals.values()) reject(RpcError.timeout('voted out while waiting'));
    this.proposals.clear();
  }

  // -------------------------------------------------------------------------------------------------- replication

  private replicate(): void {
    for (const peer of this.node.peers) this.sendEntries(peer);
  }

  private sendEntries(peer: string): void {
    const previousIndex = (this.next.get(peer) ?? 1) - 1;
    this.node.send(peer, {
      type: 'append_entries',
      term: this.term,
      previousIndex,
      previousTerm: this.log.termAt(previousIndex),
      entries: this.log.after(previousIndex, BATCH),
      commitIndex: this.commitIndex,
    });
  }

  private onAppendEntries(body: AppendEntries<Command>, leader: string): void {
    const { term, previousIndex, previousTerm, entries } = body;
    this.hear(term);
    if (term < this.term) {
      this.node.send(leader, { type: 'append_result', term: this.term, agrees: false, index: 0 });
      return;
    }
    this.follow(leader);
    if (!this.log.matches(previousIndex, previousTerm)) {
      const index = Math.min(previousIndex - 1, this.log.lastIndex);
      this.node.send(leader, { type: 'append_result', term, agrees: false, index });
      return;
    }
    const changed = this.log.takeOver(previousIndex, entries);
    if (changed !== undefined) this.state.saveLogFrom(changed);
    const index = previousIndex + entries.length;
    // Only so far is it known that the log is the leader's.
    this.commitIndex = Math.max(this.commitIndex, Math.min(body.commitIndex, index));
    this.applyCommitted();
    this.node.send(leader, { type: 'append_result', term, agrees: true, index });
  }

  private onAppendResult({ term, agrees, index }: AppendResult, follower: string): void {
    this.hear(term);
    if (!this.isLeader || term !== this.term) return;
    // Results come in any order; what was agreed stays agreed.
    const agreed = Math.max(this.agreed.get(follower) ?? 0, agrees ? index : 0);
    this.agreed.set(follower, agreed);
    this.next.set(follower, Math.max(agreed, agrees ? 0 : index) + 1);
    if (agrees) this.commit();
    if (!agrees || agreed + BATCH <= this.log.lastIndex) this.sendEntries(follower);
  }

  /** What a majority has is certain, where it may be counted. */
  private commit(): void {
    const places = [this.log.lastIndex, ...this.agreed.values()].sort((a, b) => b - a);
    const index = places[this.majority - 1] ?? 0;
    if (index <= this.commitIndex || !this.mayCount(index)) return;
    this.commitIndex = index;
    this.applyCommitted();
  }

  /** A leader may count only entries of its own term (section 5.4.2 of the paper). */
  protected mayCount(index: number): boolean {
    return this.log.termAt(index) === this.term;
  }

  private applyCommitted(): void {
    while (this.lastApplied < this.commitIndex) {
      const entry = this.log.at(this.lastApplied + 1);
      if (entry === undefined) return;
      this.lastApplied++;
      const outcome = this.apply(entry.command);
      this.proposals.get(this.lastApplied)?.resolve(outcome);
      this.proposals.delete(this.lastApplied);
    }
    this.sayState();
  }

  private tellAll(body: Body): void {
    for (const peer of this.node.peers) this.node.send(peer, body);
  }
}
