/**
 * Broadcast by retry: each value is sent to each neighbour until the neighbour acknowledges it.
 *
 * Shows the shortest way to be sure. `rpc` with `retries: Infinity` asks until there is a reply, after pauses that grow
 * to two seconds. The reply is the acknowledgement. Adding a value to a set twice does no harm, so neither do
 * duplicated requests or lost acknowledgements.
 *
 * Why it is right: a value that a node has is, for each of its neighbours, either acknowledged or still being sent. So
 * once the network has healed, it crosses every edge and reaches every node that is connected.
 *
 * What it costs: an acknowledgement for every message, twice as many messages as flooding; and one message per value,
 * however many are on their way to the same neighbour. While a neighbour is out of reach, one request per value waits
 * for it.
 *
 * broadcast.ts keeps one list for each neighbour instead, and sends many values in one message; broadcast-tree.ts goes
 * on from there.
 */
import { Node } from 'maelstrom/node';

/** When to retry: longer than a round trip, otherwise everything would be sent twice. */
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
