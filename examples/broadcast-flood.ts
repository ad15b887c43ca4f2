/**
 * Broadcast by flooding, with a slow repair behind it: the quickest way, and the one with the least bookkeeping.
 *
 * Shows two mechanisms that each do half of the work. A node that hears a value for the first time passes it on at once to
 * all neighbours but the one it came from. That takes one hop's time for each hop, and is forgotten as soon as it is
 * sent; what is lost on the way stays lost. So once a second each node compares with one neighbour, chosen at random:
 * it says which values it has, and the neighbour answers with those that it lacks, and takes what it lacks itself.
 *
 * Why it is right: two neighbours that can talk again will be compared, and a comparison leaves both with the union. It does
 * not matter how a value came to be missing: a lost message, a cut, or a neighbour that was paused.
 *
 * What it costs: a value crosses nearly every edge, some of them twice, so a dense topology pays much (compare
 * `--topology total` with `tree4`), and the comparisons go on when nothing happens. Here they carry the whole set; real ones
 * send a digest, such as a Merkle tree.
 *
 * To read: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987), which calls the halves rumour
 * mongering and anti-entropy. broken/trusts-delivery.ts is this program without the second half.
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

// The slow half. The reply has what the other side lacks.
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
    // Out of reach: another one, next time.
  }
});
