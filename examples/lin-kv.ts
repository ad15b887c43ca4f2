/**
 * Linearizable key-value store, the easy way: every request is forwarded to a linearizable service.
 *
 * Shows composition: a node in front of a linearizable store, which keeps nothing and guesses nothing, is linearizable
 * itself. It must forward failures faithfully. The service's errors "no such key" and "another value" are definite and
 * stay definite; when the service does not answer, the client gets a timeout, which promises nothing. Retrying a write
 * after a timeout would break linearizability: the first one may have happened and have been overwritten since.
 *
 * For the same reason it cannot tolerate a network that duplicates messages: `--nemesis duplicate` shows a write that
 * takes effect again, after another client's write. The hard way, which tolerates that too, is examples/raft.
 */
import { type Json, LinKv, Node } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);

node.on('read', async (body: { key: Json }) => ({ value: await store.read(body.key) }));

node.on('write', async (body: { key: Json; value: Json }) => {
  await store.write(body.key, body.value);
  return {};
});

node.on('cas', async (body: { key: Json; from: Json; to: Json }) => {
  await store.cas(body.key, body.from, body.to);
  return {};
});
