import { type Json, Node } from 'maelstrom/node';

const ROUND_MS = 200;

const node = new Node();
const seen = new Set<Json>();
/** For each neighbour, what it is still to be told. */
const untold = new Map<string, Set<Json>>();

node.onInit(() => {
  const [hub = node.id] = node.nodeIds;
  for (const neighbour of node.id === hub ? node.peers : [hub]) untold.set(neighbour, new Set());
});

node.on('topology', () => ({}));

function learn(message: Json, teller: string): void {
  if (seen.has(message)) return;
  seen.add(message);
  for (const [neighbour, messages] of untold) if (neighbour !== teller) messages.add(message);
}

async function tell(neighbour: string, messages: readonly Json[]): Promise<void> {
  await node.rpc(neighbour, { type: 'tell', messages }, { timeoutMs: 500, retries: Infinity });
}

node.every(ROUND_MS, () => {
  for (const [neighbour, messages] of untold) {
    if (messages.size === 0) continue;
    void tell(neighbour, [...messages]);
    messages.clear();
  }
});

node.on('broadcast', ({ message }, { src }) => {
  learn(message, src);
  return {};
});

node.on('tell', ({ messages }: { messages: readonly Json[] }, { src }) => {
  for (const message of messages) learn(message, src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));
