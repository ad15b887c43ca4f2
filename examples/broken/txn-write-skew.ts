/**
 * BROKEN on purpose. The transactions of examples/txn-list-append-lin-kv.ts, with fewer conflicts. When the database
 * has changed since it was read, not everything needs to be recomputed: if no other transaction wrote the lists to
 * which this transaction appends, its appends are applied to the newer database.
 *
 * The mistake: it checks what was written, and ignores what was read. Two transactions read x and y; one appends to x,
 * the other to y. Neither has written what the other one writes, so both commit, and each has read what the other one
 * was about to replace: no serial order explains both.
 *
 *     T1:  r(y) nothing, append(x, 1)         T1 must come before T2, which appends to y,
 *     T2:  r(x) nothing, append(y, 1)         T2 must come before T1, which appends to x
 *
 * The checker says: `G2-item`, a cycle with two anti-dependencies. There is nothing else to find: this is snapshot
 * isolation, and with `--consistency-models snapshot-isolation` the same run passes.
 */
import { ErrorCode, type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];
/** The lists, indexed by key in JSON, as a key may be any value. */
type Database = { readonly [key: string]: readonly Json[] };

const EMPTY: Database = {};

const node = new Node();
const store = new LinKv(node);

/**
 * Executes a transaction on its view of the database: returns its completed form, and the new contents of the lists
 * that it writes.
 */
function execute(database: Database, txn: readonly MicroOp[]): { written: Database; completed: Json } {
  const written = new Map<string, readonly Json[]>();
  const completed = txn.map(([f, key, element]): Json => {
    const name = JSON.stringify(key);
    const list = written.get(name) ?? database[name];
    if (f === 'r') return [f, key, list ?? null];
    written.set(name, [...(list ?? []), element]);
    return [f, key, element];
  });
  return { written: Object.fromEntries(written), completed };
}

node.on('txn', async ({ txn }: { txn: MicroOp[] }) => {
  const before = await store.readOr('database', EMPTY);
  const { written, completed } = execute(before, txn);
  if (txn.every(([f]) => f === 'r')) return { txn: completed };
  for (let newest = before; ; newest = await store.readOr('database', EMPTY)) {
    // Lists only grow, so a list of the same length is unchanged.
    const isTouched = Object.keys(written).some((name) => newest[name]?.length !== before[name]?.length);
    if (isTouched) throw RpcError.txnConflict('another transaction wrote to the same list');
    try {
      await store.cas('database', newest, { ...newest, ...written }, { createIfNotExists: true });
      return { txn: completed };
    } catch (error) {
      if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    }
  }
});
