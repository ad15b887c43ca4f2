/**
 * BROKEN on purpose. Transactions over lists, on one node, as examples/txn-list-append.ts, made faster: the journal,
 * which must survive a crash, is written ten times a second instead of once per transaction.
 *
 * The mistake: a transaction is acknowledged before it is in the journal. If the node is killed within that tenth of a
 * second, it restarts without transactions that it had acknowledged.
 *
 * The checker says: `G-single-item-realtime`: a read missed an append that had completed. A kill in the middle of a run
 * shows it immediately; a kill just before the end is shown by the reads at the end of every run. It takes `--nemesis
 * kill`.
 */
import { type Json, Node } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['append', key: Json, element: Json];

const SAVE_MS = 100;

const node = new Node();
const lists = new Map<string, readonly Json[]>();
const unsaved: MicroOp[][] = [];

function execute([f, key, element]: MicroOp): Json {
  const name = JSON.stringify(key);
  if (f === 'append') lists.set(name, [...(lists.get(name) ?? []), element]);
  return [f, key, f === 'r' ? (lists.get(name) ?? null) : element];
}

for (const txn of node.storage.readLog<MicroOp[]>('journal')) txn.forEach(execute);

node.every(SAVE_MS, () => node.storage.append('journal', ...unsaved.splice(0)));

node.on('txn', ({ txn }: { txn: MicroOp[] }) => {
  if (txn.some(([f]) => f === 'append')) unsaved.push(txn);
  return { txn: txn.map(execute) };
});
