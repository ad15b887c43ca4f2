/**
 * Transactions over lists, on several nodes: strictly serializable on top of one linearizable register.
 *
 * Shows how little is needed. The whole database is one immutable value in lin-kv. A transaction reads it, computes the
 * next database from it undisturbed, and makes that the current one by compare-and-set; if another transaction came in
 * between, all is computed anew. So transactions take effect one after the other, each at the instant of its cas, and
 * those that only read at the instant of their read.
 *
 * The price is that the whole database travels twice for each write. To pay less, store parts under names of their own
 * that never change their meaning, and swap only the value which says what parts there are.
 */
import { ErrorCode, type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];
/** The lists, by their keys in JSON: a key may be anything. */
type Database = { readonly [key: string]: readonly Json[] };

const EMPTY: Database = {};
const ATTEMPTS = 10;

const node = new Node();
const store = new LinKv(node);

function execute(database: Database, txn: readonly MicroOp[]): { after: Database; completed: Json } {
  const lists = new Map(Object.entries(database));
  const completed = txn.map(([f, key, element]): Json => {
    const name = JSON.stringify(key);
    if (f === 'append') lists.set(name, [...(lists.get(name) ?? []), element]);
    return [f, key, f === 'r' ? (lists.get(name) ?? null) : element];
  });
  return { after: Object.fromEntries(lists), completed };
}

node.on('txn', async ({ txn }: { txn: MicroOp[] }) => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await store.readOr('database', EMPTY);
    const { after, completed } = execute(before, txn);
    if (txn.every(([f]) => f === 'r')) return { txn: completed };
    try {
      await store.cas('database', before, after, { createIfNotExists: true });
      return { txn: completed };
    } catch (error) {
      // Only this error says that nothing happened. After a timeout the transaction may have taken effect: pass it on.
      if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    }
  }
  throw RpcError.txnConflict(`other transactions came first ${ATTEMPTS} times`);
});
