/**
 * BROKEN on purpose. Transactions over lists in lin-kv, with one key per list. The store is linearizable, hence so is
 * everything built on it. Or is it?
 *
 * The mistake: reading a list and writing it back with one more element are two operations. Each is linearizable, but
 * another node's write fits in between, and is overwritten by a list computed from the one before it.
 *
 * The checker says: `lost-update`, and `incompatible-order`: a read returned a list that is not a prefix of a later
 * one. Any two nodes that append to the same key at the same time show it.
 */
import { type Json, LinKv, Node } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];

const node = new Node();
const store = new LinKv(node);
const NOTHING: readonly Json[] = [];

async function execute([f, key, element]: MicroOp): Promise<Json> {
  const list = await store.readOr(key, NOTHING);
  if (f === 'r') return [f, key, list.length === 0 ? null : list];
  await store.write(key, [...list, element]);
  return [f, key, element];
}

node.on('txn', async (body: { txn: MicroOp[] }) => {
  const completed: Json[] = [];
  for (const microOp of body.txn) completed.push(await execute(microOp));
  return { txn: completed };
});
