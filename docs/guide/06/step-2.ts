import { type Json, LinKv, type MicroOperation, Node } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);
const NOTHING: readonly Json[] = [];

node.on('txn', async ({ txn }) => {
  const completed: Json[] = [];
  for (const operation of txn) completed.push(await execute(operation));
  return { txn: completed };
});

async function execute([f, key, value]: MicroOperation): Promise<Json> {
  const list = await store.readOr(key, NOTHING);
  if (f === 'r') return [f, key, list];
  await store.write(key, [...list, value]);
  return [f, key, value];
}
