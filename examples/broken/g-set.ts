/**
 * BROKEN on purpose. A grow-only set whose nodes send each other their whole sets.
 *
 * The mistake: a larger set is taken for a newer version of a node's own set, and replaces it. Elements that only the
 * smaller set had are gone; the elements themselves were never compared.
 *
 * The checker says: `lost-count` above 0, and `lost` lists elements that were acknowledged and are missing from a final
 * read. It takes two nodes that receive additions between two rounds of gossip.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

const node = new Node();
let elements = new Set<number>();

node.on('add', (body: { element: number }) => {
  elements.add(body.element);
  return {};
});

node.on('read', () => ({ value: [...elements] }));

node.on('merge', (body: { elements: number[] }) => {
  if (body.elements.length >= elements.size) elements = new Set(body.elements);
});

node.every(GOSSIP_MS, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', elements: [...elements] });
});
