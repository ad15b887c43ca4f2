import { Node, RpcError } from 'maelstrom/node';
import { type Operation, type Outcome, Store } from './store.ts';

/** How long a follower waits for its leader, at least. */
const PATIENCE_MS = 300;

type Entry = { readonly term: number; readonly operation: Operation };
type Append = {
  readonly term: number;
  /** The entry before the first that is sent: its index and its term. */
  readonly previous: number;
  readonly previousTerm: number;
  readonly entries: readonly Entry[];
  readonly committed: number;
};
type Waiting = {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: RpcError) => void;
};

const node = new Node();
const store = new Store();
/** Indices begin at 1: the first entry is log[0]. */
const log: Entry[] = [];
let committed = 0;
let applied = 0;
let role: 'follower' | 'candidate' | 'leader' = 'follower';
let term = 0;
/** The candidate that this node has voted for in this term. */
let vote: string | undefined;
let leader: string | undefined;
const votes = new Set<string>();
let stopWaiting = (): void => {};
/** Of a leader: up to which index each log agrees with this one, and what to send it next. */
const agreed = new Map<string, number>();
const next = new Map<string, number>();
/** Of a leader: the requests whose entries are not applied yet, by index. */
const waiting = new Map<number, Waiting>();

// ------------------------------------------------------------------ requests

node.on('read', ({ key }) => execute({ type: 'read', key }));
node.on('write', ({ key, value }) => execute({ type: 'write', key, value }));
node.on('cas', ({ key, from, to }) => execute({ type: 'cas', key, from, to }));

async function execute(operation: Operation): Promise<Outcome> {
  if (role === 'leader') return propose(operation);
  if (leader === undefined) throw RpcError.temporarilyUnavailable('there is no leader at present');
  const { outcome } = await node.rpc<{ outcome: Outcome }>(leader, { type: 'forward', operation });
  return outcome;
}

node.on('forward', async (body: { operation: Operation }) => ({ outcome: await propose(body.operation) }));

async function propose(operation: Operation): Promise<Outcome> {
  if (role !== 'leader') throw RpcError.temporarilyUnavailable('this node does not lead');
  log.push({ term, operation });
  const outcome = new Promise<Outcome>((resolve, reject) => waiting.set(log.length, { resolve, reject }));
  replicate();
  commit();
  return outcome;
}

// ----------------------------------------------------------------- elections

node.onInit(() => waitForLeader());

function waitForLeader(): void {
  stopWaiting();
  stopWaiting = node.after(PATIENCE_MS * (1 + node.random()), campaign);
}

function campaign(): void {
  waitForLeader();
  term++;
  vote = node.id;
  become('candidate', undefined);
  votes.clear();
  const request = { type: 'request_vote', term, lastIndex: log.length, lastTerm: termAt(log.length) };
  for (const peer of node.peers) node.send(peer, request);
  count(node.id);
}

type RequestVote = { readonly term: number; readonly lastIndex: number; readonly lastTerm: number };

node.on('request_vote', (body: RequestVote, { src }) => {
  hear(body.term);
  if (body.term < term || (vote !== undefined && vote !== src) || !isUpToDate(body)) return;
  vote = src;
  waitForLeader();
  node.send(src, { type: 'vote', term });
});

/** A node that lacks entries that this one has may lack committed ones, and must not lead. */
function isUpToDate({ lastIndex, lastTerm }: RequestVote): boolean {
  const ownTerm = termAt(log.length);
  return lastTerm > ownTerm || (lastTerm === ownTerm && lastIndex >= log.length);
}

node.on('vote', (body: { term: number }, { src }) => {
  hear(body.term);
  if (role === 'candidate' && body.term === term) count(src);
});

function count(voter: string): void {
  votes.add(voter);
  if (votes.size <= node.nodeIds.length / 2) return;
  stopWaiting();
  become('leader', node.id);
  for (const peer of node.peers) {
    agreed.set(peer, 0);
    next.set(peer, log.length + 1);
  }
  replicate();
}

/** Whatever this node was in an older term, that is over. */
function hear(newTerm: number): void {
  if (newTerm <= term) return;
  term = newTerm;
  vote = undefined;
  become('follower', undefined);
  waitForLeader();
}

function become(newRole: typeof role, newLeader: string | undefined): void {
  role = newRole;
  leader = newLeader;
  node.state({ role, term, leader: leader ?? null, committed });
  if (role === 'leader') return;
  // The entries of these requests are in some logs. Whether they will be committed is up to the next leader.
  for (const { reject } of waiting.values()) reject(RpcError.timeout('the leader was voted out'));
  waiting.clear();
}

// --------------------------------------------------------------- replication

node.every(PATIENCE_MS / 3, () => {
  if (role === 'leader') replicate();
});

function replicate(): void {
  for (const peer of node.peers) sendEntries(peer);
}

function sendEntries(peer: string): void {
  const previous = (next.get(peer) ?? 1) - 1;
  const entries = log.slice(previous);
  node.send(peer, { type: 'append', term, previous, previousTerm: termAt(previous), entries, committed });
}

/** Of the entry at that index; 0 where there is none. */
function termAt(index: number): number {
  return log[index - 1]?.term ?? 0;
}

node.on('append', (body: Append, { src }) => {
  hear(body.term);
  if (body.term < term) return answer(src, false, 0);
  become('follower', src);
  waitForLeader();
  const { previous, previousTerm, entries } = body;
  if (termAt(previous) !== previousTerm) return answer(src, false, Math.min(previous - 1, log.length));
  takeOver(previous, entries);
  const index = previous + entries.length;
  committed = Math.max(committed, Math.min(body.committed, index));
  applyCommitted();
  answer(src, true, index);
});

/** `index`: how far the logs agree, or, where they do not, after which entry to try next. */
function answer(to: string, agrees: boolean, index: number): void {
  node.send(to, { type: 'appended', term, agrees, index });
}

/** Cuts the log only where an entry contradicts the leader's: this message may be an old one. */
function takeOver(previous: number, entries: readonly Entry[]): void {
  const different = entries.findIndex((entry, i) => termAt(previous + 1 + i) !== entry.term);
  if (different < 0) return;
  log.splice(previous + different, Infinity, ...entries.slice(different));
}

node.on('appended', (body: { term: number; agrees: boolean; index: number }, { src }) => {
  hear(body.term);
  if (role !== 'leader' || body.term !== term) return;
  const known = agreed.get(src) ?? 0;
  if (body.agrees) agreed.set(src, Math.max(known, body.index));
  next.set(src, Math.max(known, body.index) + 1);
  if (body.agrees) commit();
  else sendEntries(src);
});

/** What a majority has is committed, if the last of it is of this term. */
function commit(): void {
  const indices = [log.length, ...agreed.values()].sort((a, b) => b - a);
  const index = indices[Math.floor(node.nodeIds.length / 2)] ?? 0;
  if (index <= committed || termAt(index) !== term) return;
  committed = index;
  applyCommitted();
}

function applyCommitted(): void {
  for (let entry = log[applied]; entry !== undefined && applied < committed; entry = log[applied]) {
    applied++;
    const outcome = store.apply(entry.operation);
    waiting.get(applied)?.resolve(outcome);
    waiting.delete(applied);
  }
  node.state({ committed });
}

// For invariants.
node.inspect(() => ({ role, term, certain: log.slice(0, committed).map(shown) }));

function shown(entry: Entry): string {
  return `term ${entry.term}: ${JSON.stringify(entry.operation)}`;
}
