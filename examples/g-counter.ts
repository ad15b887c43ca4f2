/**
 * Grow-only counter: any node accepts additions, and in the end every node knows the sum.
 *
 * Shows how to make a CRDT of something that is not one. Sums cannot be merged: when two nodes both say "3", is it the
 * same 3? So nodes do not gossip the sum, but how much each has added. Only n1 raises n1's count, so of two counts for
 * n1 the larger is the newer; and the maximum, like a union, may be applied late, twice or in any order.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

const node = new Node();
/** How much was added on each node, as far as this node knows. */
const counts = new Map<string, number>();

node.on('add', (body: { delta: number }) => {
  counts.set(node.id, (counts.get(node.id) ?? 0) + body.delta);
  return {};
});

node.on('read', () => {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return { value: sum };
});

node.on('merge', (body: { counts: Record<string, number> }) => {
  for (const [name, count] of Object.entries(body.counts)) {
    counts.set(name, Math.max(count, counts.get(name) ?? 0));
  }
});

node.every(GOSSIP_MS, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', counts: Object.fromEntries(counts) });
});
