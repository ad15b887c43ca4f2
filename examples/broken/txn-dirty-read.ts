/**
 * BROKEN on purpose. Transactions over lists in lin-kv, with one key per list. Each append is a compare-and-set, so
 * none is lost. When one fails because of another transaction, this one removes what it has appended and gives up.
 *
 * The mistake: appended elements are visible while they may still be removed. Another transaction reads them, and
 * returns to its client something that, officially, never happened.
 *
 * The checker says: `G1a`, an aborted read: an element was read whose transaction failed. (And `G1b`, an intermediate
 * read, when two elements that one transaction appended to one list are seen one by one.) Any two nodes that write the
 * same keys at the same time show it, even under `--consistency-models read-committed`.
 */
import { ErrorCode, type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];

const node = new Node();
const store = new LinKv(node);
const NOTHING: readonly Json[] = [];

const isConflict = (error: unknown): boolean =>
  error instanceof RpcError && error.code === ErrorCode.preconditionFailed;

async function append(key: Json, element: Json): Promise<void> {
  const list = await store.readOr(key, NOTHING);
  await store.cas(key, list, [...list, element], { createIfNotExists: true });
}

async function takeBack(key: Json, element: Json): Promise<void> {
  for (;;) {
    const list = await store.readOr(key, NOTHING);
    const without = list.filter((other) => other !== element);
    try {
      return await store.cas(key, list, without);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

node.on('txn', async ({ txn }: { txn: MicroOp[] }) => {
  const completed: Json[] = [];
  const appended: (readonly [Json, Json])[] = [];
  try {
    for (const [f, key, element] of txn) {
      if (f === 'r') {
        const list = await store.readOr(key, NOTHING);
        completed.push([f, key, list.length === 0 ? null : list]);
      } else {
        await append(key, element);
        appended.push([key, element]);
        completed.push([f, key, element]);
      }
    }
    return { txn: completed };
  } catch (error) {
    if (!isConflict(error)) throw error;
    for (const [key, element] of appended) await takeBack(key, element);
    throw RpcError.txnConflict('another transaction was there; everything has been taken back');
  }
});
