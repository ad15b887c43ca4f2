import { Node } from 'maelstrom/node';

type Counts = Record<string, number>;
type State = { up: Counts; down: Counts };

const node = new Node();
let state: State = { up: {}, down: {} };

function mergeCounts(one: Counts, other: Counts): Counts {
  const merged = { ...one };
  for (const [name, count] of Object.entries(other)) {
    merged[name] = Math.max(count, merged[name] ?? 0);
  }
  return merged;
}

function merge(one: State, other: State): State {
  return { up: mergeCounts(one.up, other.up), down: mergeCounts(one.down, other.down) };
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

node.on('add', ({ delta }) => {
  const counts = delta >= 0 ? state.up : state.down;
  counts[node.id] = (counts[node.id] ?? 0) + Math.abs(delta);
  return {};
});

node.on('read', () => ({ value: sum(state.up) - sum(state.down) }));

node.on('merge', (body: { state: State }) => {
  state = merge(state, body.state);
});

node.every(500, () => {
  for (const peer of node.peers) node.send(peer, { type: 'merge', state });
});
