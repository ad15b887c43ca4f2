import { Node } from 'maelstrom/node';

const node = new Node();
/** What each node says it has added. */
const added = new Map<string, number>();

node.on('add', ({ delta }) => {
  const mine = (added.get(node.id) ?? 0) + delta;
  added.set(node.id, mine);
  for (const peer of node.peers) {
    void node.rpc(peer, { type: 'total', total: mine }, { retries: Infinity });
  }
  return {};
});

node.on('read', () => ({ value: [...added.values()].reduce((sum, count) => sum + count, 0) }));

node.on('total', (body: { total: number }, { src }) => {
  added.set(src, body.total);
  return {};
});
