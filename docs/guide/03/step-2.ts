import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<Json>();
let neighbours: readonly string[] = [];

node.on('topology', ({ topology }) => {
  neighbours = topology[node.id] ?? [];
  return {};
});

function learn(message: Json): void {
  seen.add(message);
  for (const neighbour of neighbours) node.send(neighbour, { type: 'tell', message });
}

node.on('broadcast', ({ message }) => {
  learn(message);
  return {};
});

node.on('tell', ({ message }: { message: Json }) => {
  learn(message);
});

node.on('read', () => ({ messages: [...seen] }));
