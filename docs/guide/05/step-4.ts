import { Node } from 'maelstrom/node';

const node = new Node();
let sum = 0;

node.on('add', ({ delta }) => {
  sum += delta;
  return {};
});

node.on('read', () => ({ value: sum }));

node.on('merge', (body: { sum: number }) => {
  sum = Math.max(sum, body.sum);
});

node.every(500, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', sum });
});
