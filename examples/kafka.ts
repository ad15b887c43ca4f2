/**
 * Append-only logs, on one node: run it with `--node-count 1`.
 *
 * Shows what a log is: an array that only grows. A message's offset is its index, so offsets are unique and ascending,
 * and a reader that has reached one offset knows where to continue. The node does not remember this; readers do, and
 * may store a position, the committed offset, for their successors.
 *
 * It also shows how not to lose data. Every message is written to a journal on disk before it is acknowledged, and a
 * node that starts reads its journal first, so it may be killed at any time.
 */
import { type Json, Node } from 'maelstrom/node';

type Sent = readonly [key: string, message: Json];

const node = new Node();
const logs = new Map<string, Json[]>();
const committed = new Map(Object.entries(node.storage.read<Record<string, number>>('committed') ?? {}));

/** Adds a message to its log and returns its offset. */
function append([key, message]: Sent): number {
  const log = logs.get(key) ?? [];
  logs.set(key, log);
  return log.push(message) - 1;
}

for (const sent of node.storage.readLog<Sent>('journal')) append(sent);

node.on('send', ({ key, msg }: { key: string; msg: Json }) => {
  node.storage.append('journal', [key, msg]);
  return { offset: append([key, msg]) };
});

node.on('poll', (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(([key, from]) => {
    const found = logs.get(key)?.slice(from) ?? [];
    return [key, found.map((message, at): Json => [from + at, message])] as const;
  });
  return { msgs: Object.fromEntries(msgs) };
});

node.on('commit_offsets', (body: { offsets: Record<string, number> }) => {
  // Requests of two readers may arrive in any order. The committed offset does not move back.
  for (const [key, offset] of Object.entries(body.offsets)) {
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  }
  node.storage.write('committed', Object.fromEntries(committed));
  return {};
});

node.on('list_committed_offsets', (body: { keys: string[] }) => ({
  offsets: Object.fromEntries(body.keys.map((key) => [key, committed.get(key)])),
}));
