/**
 * A bounded queue that hands elements out twice, and grows beyond its bound. Its mistake: it reads the list and writes
 * it back, overwriting what another node has written in between.
 */
import { LinKv, Node } from 'maelstrom/node';

const CAPACITY = 3;

const node = new Node();
const store = new LinKv(node);
const queue = (): Promise<readonly number[]> => store.readOr<readonly number[]>('queue', []);

node.on('enqueue', async (body: { element: number }) => {
  const items = await queue();
  if (items.length >= CAPACITY) return { accepted: false };
  await store.write('queue', [...items, body.element]);
  return { accepted: true };
});

node.on('dequeue', async () => {
  const items = await queue();
  await store.write('queue', items.slice(1));
  return { element: items[0] ?? null };
});
