/**
 * Append-only logs, on one node: run it with `--node-count 1`.
 *
 * Shows what a log is: an array that only grows. A message's offset is its place in it, so offsets are unique, they
 * ascend, and whoever has read up to one offset knows where to go on. The node does not remember who reads what; readers
 * do, and may leave a mark, the committed offset, for whoever takes their place.
 */
import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const logs = new Map<string, Json[]>();
const committed = new Map<string, number>();

function logOf(key: string): Json[] {
  const log = logs.get(key) ?? [];
  logs.set(key, log);
  return log;
}

node.on('send', (body: { key: string; msg: Json }) => ({ offset: logOf(body.key).push(body.msg) - 1 }));

node.on('poll', (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(([key, from]) => {
    const found = logOf(key).slice(from);
    return [key, found.map((message, at): Json => [from + at, message])] as const;
  });
  return { msgs: Object.fromEntries(msgs) };
});

node.on('commit_offsets', (body: { offsets: Record<string, number> }) => {
  // Requests of two readers may come in any order. The mark does not move back.
  for (const [key, offset] of Object.entries(body.offsets)) {
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  }
  return {};
});

node.on('list_committed_offsets', (body: { keys: string[] }) => ({
  offsets: Object.fromEntries(body.keys.map((key) => [key, committed.get(key)])),
}));
