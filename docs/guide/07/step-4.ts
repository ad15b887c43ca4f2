import { Node, RpcError } from 'maelstrom/node';
import { type Operation, type Outcome, Store } from './store.ts';

/** How long a follower waits for its leader, at least. */
const PATIENCE_MS = 300;

const node = new Node();
const store = new Store();
let role: 'follower' | 'candidate' | 'leader' = 'follower';
let term = 0;
let leader: string | undefined;
const votes = new Set<string>();
let stopWaiting = (): void => {};

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
  return store.apply(operation);
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
  become('candidate', undefined);
  votes.clear();
  for (const peer of node.peers) node.send(peer, { type: 'request_vote', term });
  count(node.id);
}

node.on('request_vote', (body: { term: number }, { src }) => {
  hear(body.term);
  if (body.term < term) return;
  waitForLeader();
  node.send(src, { type: 'vote', term });
});

node.on('vote', (body: { term: number }, { src }) => {
  hear(body.term);
  if (role === 'candidate' && body.term === term) count(src);
});

function count(voter: string): void {
  votes.add(voter);
  if (votes.size <= node.nodeIds.length / 2) return;
  stopWaiting();
  become('leader', node.id);
  sendHeartbeats();
}

/** Whatever this node was in an older term, that is over. */
function hear(newTerm: number): void {
  if (newTerm <= term) return;
  term = newTerm;
  become('follower', undefined);
  waitForLeader();
}

function become(newRole: typeof role, newLeader: string | undefined): void {
  role = newRole;
  leader = newLeader;
  node.state({ role, term, leader: leader ?? null });
}

function sendHeartbeats(): void {
  for (const peer of node.peers) node.send(peer, { type: 'heartbeat', term });
}

node.every(PATIENCE_MS / 3, () => {
  if (role === 'leader') sendHeartbeats();
});

node.on('heartbeat', (body: { term: number }, { src }) => {
  hear(body.term);
  if (body.term < term) return;
  become('follower', src);
  waitForLeader();
});

// For invariants.
node.inspect(() => ({ role, term }));
