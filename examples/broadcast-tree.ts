/**
 * Broadcast over a tree, in batches: few messages and short paths. It meets challenges 3c, 3d and 3e of Gossip Glomers.
 *
 * Shows where messages and time go. In a tree there is one path between two nodes, so a value crosses each edge once: N
 * - 1 messages for N nodes, the minimum. The topology that the test offers is ignored; every node computes the same
 * tree from the list of nodes. With BRANCHES = 24, 25 nodes are a star: a root, and leaves two hops apart. Every
 * BATCH_MS a node sends each neighbour all values for it, in one message.
 *
 * The arithmetic, at a latency of 100 ms: a value waits for its node's batch, travels to the root, waits for the root's
 * batch, and travels to the other leaves. That is 200 ms of travel and at most twice BATCH_MS of waiting: 400 ms. With
 * BRANCHES = 4 it is six hops and six waits, too slow for 3d. The number of messages does not grow with the number of
 * values: the root sends at most 24 batches every 100 ms. examples/README.md has the figures of other settings.
 *
 * Why it is right: a value stays in the outbox for a neighbour until a batch that contains it is acknowledged; a batch
 * without a reply goes back into the outbox. A partition costs time, not values.
 *
 * What it costs: every edge is the only path. While the root is out of reach, no leaf hears from another, whereas a
 * grid has alternative paths; and the root sends as much as all others together.
 *
 * To read: Leitao, Pereira and Rodrigues, "Epidemic Broadcast Trees" (2007), for a tree that repairs itself.
 * broken/broadcast-tree.ts is this program with two lines in another order.
 */
import { Node } from 'maelstrom/node';

/** The number of children of a node. */
const BRANCHES = 24;
/** How long values are collected. */
const BATCH_MS = 100;
/** When an unacknowledged batch is put back: longer than a round trip. */
const PATIENCE_MS = 500;

const node = new Node();
const seen = new Set<number>();
/** For each neighbour in the tree, the values to send next. */
const outbox = new Map<string, Set<number>>();

node.onInit(() => {
  const parentOf = (at: number): string | undefined => node.nodeIds[Math.floor((at - 1) / BRANCHES)];
  const own = node.nodeIds.indexOf(node.id);
  const children = node.nodeIds.filter((_, at) => at > 0 && parentOf(at) === node.id);
  const parent = parentOf(own);
  for (const neighbour of parent === undefined ? children : [parent, ...children])
    outbox.set(neighbour, new Set());
});

function learn(values: readonly number[], teller: string): void {
  for (const value of values) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const [neighbour, waiting] of outbox) if (neighbour !== teller) waiting.add(value);
  }
}

node.on('topology', () => ({}));

node.on('broadcast', (body: { message: number }, { src }) => {
  learn([body.message], src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));

// Between nodes. The reply, `tell_ok`, is the acknowledgement.
node.on('tell', (body: { values: number[] }, { src }) => {
  learn(body.values, src);
  return {};
});

async function tell(neighbour: string, waiting: Set<number>): Promise<void> {
  const values = [...waiting];
  waiting.clear();
  try {
    await node.rpc(neighbour, { type: 'tell', values }, { timeoutMs: PATIENCE_MS });
  } catch {
    for (const value of values) waiting.add(value);
  }
}

node.every(BATCH_MS, () => {
  for (const [neighbour, waiting] of outbox) if (waiting.size > 0) void tell(neighbour, waiting);
});
