/**
 * Broadcast by flooding, with a slow repair behind it: the fastest way, and the one with the least bookkeeping.
 *
 * Shows two mechanisms that each do half of the work. A node that receives a value for the first time forwards it
 * immediately to all neighbours except the sender. This takes one message delay per hop, and the node does not remember
 * what it has sent, so lost messages stay lost. Therefore each node compares its set with one random neighbour once a
 * second: it sends the values that it has, and the neighbour takes what it lacks itself and replies with what the node
 * lacks.
 *
 * Why it is right: two neighbours that can communicate again will be compared, and a comparison leaves both with the
 * union. It does not matter why a value is missing: a lost message, a partition, or a paused neighbour.
 *
 * What it costs: a value crosses nearly every edge, some of them twice, so a dense topology is expensive (compare
 * `--topology total` with `tree4`), and the comparisons continue when nothing happens. Here they carry the whole set;
 * real systems send a digest, such as a Merkle tree.
 *
 * To read: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987), which calls the two halves
 * rumour mongering and anti-entropy. broken/trusts-delivery.ts is this program without the second half.
 */
import { Node } from 'maelstrom/node';

const COMPARE_MS = 1000;

const node = new Node();
const seen = new Set<number>();
let neighbours: readonly string[] = [];

function learn(value: number, teller: string): void {
  if (seen.has(value)) return;
  seen.add(value);
  for (const neighbour of neighbours) if (neighbour !== teller) node.send(neighbour, { type: 'tell', value });
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

// Between nodes: the fast half. No reply.
node.on('tell', (body: { value: number }, { src }) => learn(body.value, src));

// The slow half. The reply contains what the other side lacks.
node.on('compare', (body: { values: number[] }, { src }) => {
  const theirs = new Set(body.values);
  for (const value of theirs) learn(value, src);
  return { missing: [...seen].filter((value) => !theirs.has(value)) };
});

node.every(COMPARE_MS, async () => {
  const neighbour = neighbours[Math.floor(node.random() * neighbours.length)];
  if (neighbour === undefined) return;
  try {
    const { missing } = await node.rpc<{ missing: number[] }>(neighbour, {
      type: 'compare',
      values: [...seen],
    });
    for (const value of missing) learn(value, neighbour);
  } catch {
    // Out of reach: try another one next time.
  }
});
