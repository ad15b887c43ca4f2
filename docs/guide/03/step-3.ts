import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<Json>();
let neighbours: readonly string[] = [];

node.on('topology', ({ topology }) => {
  neighbours = topology[node.id] ?? [];
  return {};
});

function learn(message: Json, teller: string): void {
  if (seen.has(message)) return;
  seen.add(message);
  for (const neighbour of neighbours) {
    if (neighbour !== teller) node.send(neighbour, { type: 'tell', message });
  }
}

node.on('broadcast', ({ message }, { src }) => {
  learn(message, src);
  return {};
});

node.on('tell', ({ message }: { message: Json }, { src }) => {
  learn(message, src);
});

node.on('read', () => ({ messages: [...seen] }));
