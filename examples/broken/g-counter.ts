/**
 * BROKEN on purpose. A grow-only counter whose nodes gossip the sum.
 *
 * The mistake: sums are merged with the maximum, as if each had a single writer. When two nodes each add 1 to a sum of
 * 3, both say 4, the maximum of 4 and 4 is 4, and one addition is lost.
 *
 * The checker says: final reads outside `acceptable`, in fact below it. It takes two nodes that receive additions
 * between two rounds of gossip.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

const node = new Node();
let sum = 0;

node.on('add', (body: { delta: number }) => {
  sum += body.delta;
  return {};
});

node.on('read', () => ({ value: sum }));

node.on('merge', (body: { sum: number }) => {
  sum = Math.max(sum, body.sum);
});

node.every(GOSSIP_MS, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', sum });
});
