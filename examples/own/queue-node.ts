/**
 * A bounded queue, kept in lin-kv as one list. (Run it with `-w examples/own/queue.ts`.)
 *
 * Shows a structure that is changed as a whole by compare-and-set: the size is checked in the same step that adds an
 * element.
 */
import { LinKv, Node } from 'maelstrom/node';

const CAPACITY = 3;

const node = new Node();
const store = new LinKv(node);

node.on('enqueue', async (body: { element: number }) => {
  let accepted = false;
  await store.update('queue', (items: readonly number[] = []) => {
    accepted = items.length < CAPACITY;
    return accepted ? [...items, body.element] : items;
  });
  return { accepted };
});

node.on('dequeue', async () => {
  let element: number | null = null;
  await store.update('queue', (items: readonly number[] = []) => {
    element = items[0] ?? null;
    return items.slice(1);
  });
  return { element };
});
