import { LinKv, Node } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);

node.on('read', async ({ key }) => ({ value: await store.read(key) }));

node.on('write', async ({ key, value }) => {
  await store.write(key, value);
  return {};
});

node.on('cas', async ({ key, from, to }) => {
  await store.cas(key, from, to);
  return {};
});
