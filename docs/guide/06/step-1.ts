import { type Json, type MicroOperation, Node } from 'maelstrom/node';

const node = new Node();
const lists = new Map<Json, readonly Json[]>();

node.on('txn', ({ txn }) => ({ txn: txn.map(execute) }));

function execute([f, key, value]: MicroOperation): Json {
  if (f === 'r') return [f, key, lists.get(key) ?? null];
  lists.set(key, [...(lists.get(key) ?? []), value]);
  return [f, key, value];
}
