/**
 * A leader lease that is valid until a time of day. Its mistake: the clocks of two nodes need not agree, and while the
 * leader believes that it still leads, another node considers the lease expired. (`--nemesis skew` shows it.)
 */
import { ErrorCode, LinKv, Node, RpcError } from 'maelstrom/node';

type Lease = { readonly term: number; readonly leader: string; readonly until: number };

const LEASE_MS = 1000;
const LOOK_EVERY_MS = 200;

const node = new Node();
const store = new LinKv(node);
let mine = { term: 0, until: 0 };

node.on('act', () => {
  if (Date.now() >= mine.until) throw new RpcError(ErrorCode.preconditionFailed, `${node.id} does not lead`);
  return { term: mine.term, leader: node.id };
});

async function look(): Promise<void> {
  const lease = await store.readOr<Lease | null>('lease', null);
  const isMine = lease?.leader === node.id && lease.term === mine.term;
  if (lease !== null && !isMine && Date.now() < lease.until) return;
  const term = isMine ? lease.term : (lease?.term ?? 0) + 1;
  const next: Lease = { term, leader: node.id, until: Date.now() + LEASE_MS };
  await store.cas('lease', lease, next, { createIfNotExists: true });
  mine = next;
}

async function lookAgainAndAgain(): Promise<void> {
  await look().catch(() => {
    // Another node was faster, or lin-kv did not answer.
  });
  setTimeout(() => void lookAgainAndAgain(), LOOK_EVERY_MS);
}

node.onInit(() => void lookAgainAndAgain());
