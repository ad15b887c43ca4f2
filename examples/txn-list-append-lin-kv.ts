/**
 * Transactions over lists, on several nodes: strictly serializable on top of one linearizable register.
 *
 * Shows how little is needed. The whole database is one immutable value in lin-kv. A transaction reads it, computes the
 * next database from it in isolation, and makes that the current one by compare-and-set; if another transaction came in
 * between, everything is computed again. So transactions take effect one after the other, each at the instant of its
 * cas, and those that only read at the instant of their read.
 *
 * A cas without a reply may have taken effect, and one that failed may have failed because of an earlier copy of
 * itself. So the database contains the names of the transactions that made it, and a transaction that finds its own
 * name there is done.
 *
 * The price is that the whole database travels twice for each write. To pay less, store parts under names whose content
 * never changes, and swap only the value that lists the parts.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];
type Database = {
  /** Indexed by key in JSON, as a key may be any value. */
  readonly lists: { readonly [key: string]: readonly Json[] };
  readonly transactions: readonly string[];
};

const EMPTY: Database = { lists: {}, transactions: [] };
const PATIENCE = { timeoutMs: 500 };
const ATTEMPTS = 10;

const node = new Node();
const store = new LinKv(node);

function execute(
  database: Database,
  name: string,
  txn: readonly MicroOp[],
): { after: Database; completed: Json } {
  const lists = new Map(Object.entries(database.lists));
  const completed = txn.map(([f, key, element]): Json => {
    const id = JSON.stringify(key);
    if (f === 'append') lists.set(id, [...(lists.get(id) ?? []), element]);
    return [f, key, f === 'r' ? (lists.get(id) ?? null) : element];
  });
  const transactions = [...database.transactions, name];
  return { after: { lists: Object.fromEntries(lists), transactions }, completed };
}

node.on('txn', async ({ txn }: { txn: MicroOp[] }) => {
  const name = node.random().toString(36).slice(2, 12);
  /**
   * The result of each attempt, in case it turns out to have taken effect. Indexed by the number of transactions before
   * it.
   */
  const attempts = new Map<number, Json>();
  while (attempts.size < ATTEMPTS) {
    try {
      const before = await store.readOr('database', EMPTY, PATIENCE);
      const place = before.transactions.indexOf(name);
      if (place >= 0) return { txn: attempts.get(place) ?? null };
      const { after, completed } = execute(before, name, txn);
      if (txn.every(([f]) => f === 'r')) return { txn: completed };
      attempts.set(before.transactions.length, completed);
      await store.cas('database', before, after, { createIfNotExists: true, ...PATIENCE });
      return { txn: completed };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // The next read shows whether it took effect.
    }
  }
  // Without another read the outcome of the last attempt is unknown.
  throw RpcError.timeout(`other transactions came first ${ATTEMPTS} times`);
});
