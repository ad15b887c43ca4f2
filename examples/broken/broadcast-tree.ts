/**
 * BROKEN on purpose. Broadcast over a tree in batches, as in examples/broadcast-tree.ts, but simpler: values for a
 * neighbour stay in the outbox until the batch is acknowledged, so that nothing needs to be put back after a failure.
 *
 * The mistake: the outbox is emptied after the `await`. While the acknowledgement was in flight, other values came in,
 * and they are discarded along with those of the batch, without ever having been sent. Anything may change across an
 * `await`: remove what was sent, not what is there now.
 *
 * The checker says: `lost-count` above 0, and `lost` lists the values that were acknowledged and are missing from a
 * final read. It takes no fault, only a network with latency, and a second value within a round trip.
 */
import { Node } from 'maelstrom/node';

/** The number of children of a node. */
const BRANCHES = 24;
/** How long values are collected. */
const BATCH_MS = 100;
/** How long to wait for the acknowledgement: longer than a round trip. */
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
  try {
    await node.rpc(neighbour, { type: 'tell', values: [...waiting] }, { timeoutMs: PATIENCE_MS });
    waiting.clear();
  } catch {
    // The values are all still there, for the next batch.
  }
}

node.every(BATCH_MS, async () => {
  const batches = [...outbox].filter(([, waiting]) => waiting.size > 0);
  await Promise.all(batches.map(([neighbour, waiting]) => tell(neighbour, waiting)));
});
