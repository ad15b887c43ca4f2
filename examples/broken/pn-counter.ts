/**
 * BROKEN on purpose. A counter with decrements: the grow-only counter, used unchanged.
 *
 * The mistake: its merge takes the larger count for the newer one. That is true of counts that only grow. Here a
 * decrement makes a node's count smaller, and the next gossip from a peer that remembers the larger count undoes it.
 *
 * The checker says: final reads outside `acceptable`, in fact above it: decrements are lost, increments are not.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

const node = new Node();
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
