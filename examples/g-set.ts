/**
 * Grow-only set: elements can be added on any node, and in the end every node has them all.
 *
 * Shows a state-based CRDT. From time to time each node sends its whole set to all others, which form the union. Union
 * does not depend on order (commutative, associative) or repetition (idempotent), so messages may be late, duplicated
 * or lost: the next one makes up for it, and nothing needs to be acknowledged. The price is that messages grow with the
 * set; examples/broadcast.ts pays with bookkeeping instead.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

const node = new Node();
const elements = new Set<number>();

node.on('add', (body: { element: number }) => {
  elements.add(body.element);
  return {};
});

node.on('read', () => ({ value: [...elements] }));

// Between nodes, without a reply: the handler returns nothing.
node.on('merge', (body: { elements: number[] }) => {
  for (const element of body.elements) elements.add(element);
});

node.every(GOSSIP_MS, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', elements: [...elements] });
});
