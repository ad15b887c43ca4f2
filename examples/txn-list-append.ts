/**
 * Transactions over lists, on one node: run it with `--node-count 1`.
 *
 * Shows the oldest way to isolate transactions: one after the other. A handler without `await` runs from beginning to
 * end before the next message is handled, so no transaction ever sees another half done, and their order is the order
 * of their messages: strict serializability, for free. It lasts until there is a second node, or an `await`.
 *
 * It also shows the oldest way to make them durable. A transaction is written to a journal, as one entry, before it is
 * executed; a node that starts executes everything in its journal again.
 */
import { type Json, Node } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];

const node = new Node();
/** The lists, indexed by key in JSON, as a key may be any value. */
const lists = new Map<string, readonly Json[]>();

function execute([f, key, element]: MicroOp): Json {
  const name = JSON.stringify(key);
  if (f === 'append') lists.set(name, [...(lists.get(name) ?? []), element]);
  return [f, key, f === 'r' ? (lists.get(name) ?? null) : element];
}

for (const txn of node.storage.readLog<MicroOp[]>('journal')) txn.forEach(execute);

node.on('txn', ({ txn }: { txn: MicroOp[] }) => {
  if (txn.some(([f]) => f === 'append')) node.storage.append('journal', txn);
  return { txn: txn.map(execute) };
});
