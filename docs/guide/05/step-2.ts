import { Node } from 'maelstrom/node';

const node = new Node();
let sum = 0;

node.on('add', ({ delta }) => {
  sum += delta;
  for (const peer of node.peers) {
    void node.rpc(peer, { type: 'more', delta }, { retries: Infinity });
  }
  return {};
});

node.on('read', () => ({ value: sum }));

node.on('more', (body: { delta: number }) => {
  sum += body.delta;
  return {};
});
