import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<Json>();

node.on('topology', () => ({}));

node.on('broadcast', ({ message }) => {
  seen.add(message);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));
