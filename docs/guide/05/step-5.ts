import { Node } from 'maelstrom/node';

type Counts = Record<string, number>;

const node = new Node();
/** For each node, the most that is known to have been added there. */
let counts: Counts = {};

function merge(one: Counts, other: Counts): Counts {
  const merged = { ...one };
  for (const [name, count] of Object.entries(other)) {
    merged[name] = Math.max(count, merged[name] ?? 0);
  }
  return merged;
}

node.on('add', ({ delta }) => {
  counts[node.id] = (counts[node.id] ?? 0) + delta;
  return {};
});

node.on('read', () => ({ value: Object.values(counts).reduce((sum, count) => sum + count, 0) }));

node.on('merge', (body: { counts: Counts }) => {
  counts = merge(counts, body.counts);
});

node.every(500, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', counts });
});
