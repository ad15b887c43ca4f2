/**
 * Broadcast by retry: each value goes to each neighbour again and again, until the neighbour acknowledges it.
 *
 * Shows the shortest way to be sure. `rpc` with `retries: Infinity` asks until there is an answer, after pauses that grow
 * to two seconds. The reply is the acknowledgement, and since a set does not mind hearing a value twice, neither a
 * request that arrives twice nor an acknowledgement that is lost does harm.
 *
 * Why it is right: a value that a node has is, at each of its neighbours, either acknowledged or still being sent. So once the
 * network is whole again it crosses every edge, and reaches every node that a path leads to.
 *
 * What it costs: an acknowledgement for every message, twice what flooding takes; and a value a message, however many are
 * under way to the same neighbour. While a neighbour is out of reach, a request for each value waits for it.
 *
 * broadcast.ts keeps one list for each neighbour instead, which makes one message of many values; broadcast-tree.ts goes on from there.
 */
import { Node } from 'maelstrom/node';

/** When to say it again: longer than a round trip, or everything would be said twice. */
const PATIENCE = { timeoutMs: 1000, retries: Infinity };

const node = new Node();
const seen = new Set<number>();
let neighbours: readonly string[] = [];

function learn(value: number, teller: string): void {
  if (seen.has(value)) return;
  seen.add(value);
  for (const neighbour of neighbours) {
    if (neighbour !== teller) void node.rpc(neighbour, { type: 'tell', value }, PATIENCE);
  }
}

node.on('topology', ({ topology }) => {
  neighbours = topology[node.id] ?? [];
  return {};
});

node.on('broadcast', (body: { message: number }, { src }) => {
  learn(body.message, src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));

// Between nodes. The reply, `tell_ok`, is the acknowledgement.
node.on('tell', (body: { value: number }, { src }) => {
  learn(body.value, src);
  return {};
});
