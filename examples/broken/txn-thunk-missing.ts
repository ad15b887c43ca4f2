/**
 * BROKEN on purpose. Transactions over lists: lists are immutable pieces in lww-kv, each under its own name, and one
 * value in lin-kv says which piece each key has. A small version of examples/txn-list-append-tree.ts.
 *
 * The mistake: it uses `readOr(id, [])`, as for a key that may have no value. But this name comes from the directory,
 * so the piece exists; the replica that was asked just does not have it yet. The list is taken for empty, and an append
 * makes a new piece that lacks all earlier elements. An eventually consistent store answers "no such key" for two
 * reasons, and here only one of them is possible: ask again.
 *
 * The checker says: `incompatible-order`, and cycles from reads of nothing, such as `G-single-item-realtime`. It takes
 * no fault.
 */
import { ErrorCode, type Json, LinKv, LwwKv, Node, RpcError } from 'maelstrom/node';

type List = readonly Json[];
/** The names of the pieces, indexed by key in JSON, as a key may be any value. */
type Directory = { readonly [key: string]: string };

const node = new Node();
const register = new LinKv(node);
const store = new LwwKv(node);
const NOTHING: List = [];
const life = node.random().toString(36).slice(2, 10);
let made = 0;

node.on('txn', async ({ txn }) => {
  const before = await register.readOr<Directory>('directory', {});
  const written = new Map<string, List>();
  const completed: Json[] = [];
  for (const [f, key, element] of txn) {
    const name = JSON.stringify(key);
    const id = before[name];
    const list = written.get(name) ?? (id === undefined ? NOTHING : await store.readOr(id, NOTHING));
    if (f === 'append') written.set(name, [...list, element]);
    completed.push([f, key, f === 'append' ? element : list.length === 0 ? null : list]);
  }
  if (written.size === 0) return { txn: completed };
  const changes = [...written].map(([name, list]) => ({ name, list, id: `${life}-${made++}` }));
  await Promise.all(changes.map(({ id, list }) => store.write(id, list)));
  const after = { ...before, ...Object.fromEntries(changes.map(({ name, id }) => [name, id])) };
  try {
    await register.cas('directory', before, after, { createIfNotExists: true });
  } catch (error) {
    if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    throw RpcError.txnConflict('another transaction came first');
  }
  return { txn: completed };
});
