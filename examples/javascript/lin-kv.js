/**
 * Linearizable key-value store, the easy way: every request is passed on to a service that is one.
 *
 * Shows composition: a node in front of a linearizable store, which keeps nothing and guesses nothing, is linearizable
 * itself. What it must pass on faithfully are the failures. The service's "no such key" and "another value" are definite
 * and stay so; when the service does not answer, the client hears of a timeout, which promises nothing. Trying a write
 * again after a timeout would spoil it: the first one may have happened, and have been overwritten since.
 *
 * For the same reason it cannot bear a network that doubles messages: `--nemesis duplicate` shows a write that comes once
 * more, after another one's. The hard way, which bears that as well, is examples/raft.
 */
import { LinKv, Node } from 'maelstrom/node';

/** @import { Json } from 'maelstrom/node' */

const node = new Node();
const store = new LinKv(node);

node.on('read', async (/** @type {{ key: Json }} */ body) => ({ value: await store.read(body.key) }));

node.on('write', async (/** @type {{ key: Json, value: Json }} */ body) => {
  await store.write(body.key, body.value);
  return {};
});

node.on('cas', async (/** @type {{ key: Json, from: Json, to: Json }} */ body) => {
  await store.cas(body.key, body.from, body.to);
  return {};
});
