import { Node } from 'maelstrom/node';

const node = new Node();
const elements = new Set<number>();

node.on('add', (body: { element: number }) => {
  elements.add(body.element);
  return {};
});

node.on('read', () => ({ value: [...elements] }));

node.on('merge', (body: { elements: number[] }) => {
  for (const element of body.elements) elements.add(element);
});

node.every(500, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', elements: [...elements] });
});
