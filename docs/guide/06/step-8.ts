import { type Json, Node } from 'maelstrom/node';

/** Later is what has the larger time, and of two with the same time what comes from the node with the larger name. */
type Stamp = readonly [time: number, node: string];
type Write = { readonly key: string; readonly value: Json; readonly stamp: Stamp };

const node = new Node();
const registers = new Map<string, Write>();
let time = 0;

node.on('txn', ({ txn }) => {
  const stamp: Stamp = [++time, node.id];
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    if (f === 'r') return [f, key, registers.get(name)?.value ?? null];
    const write = { key: name, value, stamp };
    take(write);
    for (const peer of node.peers) void node.rpc(peer, { type: 'share', write }, { retries: Infinity });
    return [f, key, value];
  });
  return { txn: completed };
});

node.on('share', (body: { write: Write }) => {
  take(body.write);
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
