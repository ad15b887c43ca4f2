/**
 * BROKEN on purpose. Transactions over lists, on one node, as examples/txn-list-append.ts, made faster: the journal, which is
 * to outlive the node, is written ten times a second, not once for each transaction.
 *
 * The mistake: a transaction is acknowledged before it is in the journal. Is the node killed in that tenth of a second, it
 * starts again without what it had promised to keep.
 *
 * The checker says: `G-single-item-realtime`: a read missed an append that was over. A kill in the middle of a run shows it
 * at once; one just before the end is shown by the reads with which every run ends. It takes `--nemesis kill`.
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
