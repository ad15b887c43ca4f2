import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<Json>();
let neighbours: readonly string[] = [];

node.on('topology', ({ topology }) => {
  neighbours = topology[node.id] ?? [];
  return {};
});

function learn(message: Json, teller: string): void {
  seen.add(message);
  for (const neighbour of neighbours) if (neighbour !== teller) void tell(neighbour, message);
}

async function tell(neighbour: string, message: Json): Promise<void> {
  await node.rpc(neighbour, { type: 'tell', message }, { timeoutMs: 500, retries: Infinity });
}

node.on('broadcast', ({ message }, { src }) => {
  learn(message, src);
  return {};
});

node.on('tell', ({ message }: { message: Json }, { src }) => {
  if (seen.has(message)) return undefined; // known already: nothing to do
  learn(message, src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));
