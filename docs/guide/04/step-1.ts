import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<Json>();

/** The hub knows everyone, everyone else knows the hub. */
const neighbours = (): readonly string[] => {
  const [hub = node.id] = node.nodeIds;
  return node.id === hub ? node.peers : [hub];
};

node.on('topology', () => ({}));

function learn(message: Json, teller: string): void {
  if (seen.has(message)) return;
  seen.add(message);
  for (const neighbour of neighbours()) if (neighbour !== teller) void tell(neighbour, message);
}

async function tell(neighbour: string, message: Json): Promise<void> {
  await node.rpc(neighbour, { type: 'tell', message }, { timeoutMs: 500, retries: Infinity });
}

node.on('broadcast', ({ message }, { src }) => {
  learn(message, src);
  return {};
});

node.on('tell', ({ message }: { message: Json }, { src }) => {
  learn(message, src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));
