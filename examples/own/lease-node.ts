/**
 * A leader lease, kept in lin-kv. (Run it with `-w examples/own/lease.ts`.)
 *
 * Shows a lease that does not need synchronised clocks, only clocks that run: the leader counts from before it
 * requested its lease, and the others from when they saw it renewed, which is later. Neither uses the time of day.
 */
import { ErrorCode, LinKv, Node, RpcError } from 'maelstrom/node';

type Lease = { readonly term: number; readonly leader: string; readonly renewals: number };

const LEASE_MS = 1000;
const LOOK_EVERY_MS = 200;

const node = new Node();
const store = new LinKv(node);
const mine = { term: 0, until: 0 };
let seen = { lease: '', since: 0 };

node.on('act', () => {
  if (performance.now() >= mine.until)
    throw new RpcError(ErrorCode.preconditionFailed, `${node.id} does not lead`);
  return { term: mine.term, leader: node.id };
});

async function look(): Promise<void> {
  const lease = await store.readOr<Lease | null>('lease', null);
  const asked = performance.now();
  const isMine = lease?.leader === node.id && lease.term === mine.term;
  if (!isMine) {
    const text = JSON.stringify(lease);
    if (text !== seen.lease) seen = { lease: text, since: asked };
    if (lease !== null && asked - seen.since <= LEASE_MS) return;
  }
  const next: Lease = isMine
    ? { ...lease, renewals: lease.renewals + 1 }
    : { term: (lease?.term ?? 0) + 1, leader: node.id, renewals: 0 };
  await store.cas('lease', lease, next, { createIfNotExists: true });
  mine.term = next.term;
  mine.until = asked + LEASE_MS;
}

async function lookAgainAndAgain(): Promise<void> {
  await look().catch(() => {
    // Another node was faster, or lin-kv did not answer: this node's lease expires by itself.
  });
  setTimeout(() => void lookAgainAndAgain(), LOOK_EVERY_MS);
}

node.onInit(() => void lookAgainAndAgain());
