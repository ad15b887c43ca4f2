import { type Json, Node } from 'maelstrom/node';

/** Later is what has the larger time, and of two with the same time what comes from the node with the larger name. */
type Stamp = readonly [time: number, node: string];
type Write = { readonly key: string; readonly value: Json; readonly stamp: Stamp };

const node = new Node();
const registers = new Map<string, Write>();
let time = 0;

node.on('txn', ({ txn }) => {
  const stamp: Stamp = [++time, node.id];
  const own = new Map<string, Write>();
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    if (f === 'r') return [f, key, (own.get(name) ?? registers.get(name))?.value ?? null];
    own.set(name, { key: name, value, stamp });
    return [f, key, value];
  });
  const writes = [...own.values()];
  writes.forEach(take);
  for (const peer of node.peers) void node.rpc(peer, { type: 'share', writes }, { retries: Infinity });
  return { txn: completed };
});

node.on('share', (body: { writes: Write[] }) => {
  body.writes.forEach(take);
  return {};
});

function take(write: Write): void {
  time = Math.max(time, write.stamp[0]);
  const present = registers.get(write.key);
  if (present === undefined || !isLater(present.stamp, write.stamp)) registers.set(write.key, write);
}

function isLater(one: Stamp, other: Stamp): boolean {
  return one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}
