import { ErrorCode, type Json, LinKv, type MicroOperation, Node, RpcError } from 'maelstrom/node';

type Database = Readonly<Record<string, readonly Json[]>>;

const node = new Node();
const store = new LinKv(node);
const EMPTY: Database = {};

node.on('txn', async ({ txn }) => {
  for (;;) {
    const before = await store.readOr('database', EMPTY);
    const { after, completed } = execute(before, txn);
    if (after === before) return { txn: completed };
    try {
      await store.cas('database', before, after, { createIfNotExists: true });
      return { txn: completed };
    } catch (error) {
      if (!hasLostRace(error)) throw error;
    }
  }
});

/** What the transaction makes of a database, and what it has read there. Nothing is changed. */
function execute(before: Database, txn: readonly MicroOperation[]) {
  let after = before;
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    const list = after[name];
    if (f === 'r') return [f, key, list ?? null];
    after = { ...after, [name]: [...(list ?? []), value] };
    return [f, key, value];
  });
  return { after, completed };
}

function hasLostRace(error: unknown): boolean {
  return error instanceof RpcError && error.code === ErrorCode.preconditionFailed;
}
