/**
 * BROKEN on purpose. The logs of examples/kafka.ts, which writes to disk for every single message, made faster:
 * incoming messages are written once a second, all together.
 *
 * The mistake: messages acknowledged within the last second exist only in memory. When the node is killed they are
 * gone, although clients have their offsets and some have read them. And the restarted node gives the same offsets to
 * other messages. (Messages may well be written together, but then their acknowledgements have to wait for the write.)
 *
 * The checker says: `unseen`, messages that were acknowledged but that no client finds in the end; `lost-write`, when
 * readers got past them; and `inconsistent-offsets`, one offset with two messages. It takes `--nemesis kill`.
 */
import { type Json, Node } from 'maelstrom/node';

type Sent = readonly [key: string, message: Json];

const WRITE_MS = 1000;

const node = new Node();
const logs = new Map<string, Json[]>();
const committed = new Map<string, number>();
const unwritten: Sent[] = [];

/** Adds a message to its log and returns its offset. */
function append([key, message]: Sent): number {
  const log = logs.get(key) ?? [];
  logs.set(key, log);
  return log.push(message) - 1;
}

for (const sent of node.storage.readLog<Sent>('journal')) append(sent);

node.every(WRITE_MS, () => node.storage.append('journal', ...unwritten.splice(0)));

node.on('send', ({ key, msg }: { key: string; msg: Json }) => {
  unwritten.push([key, msg]);
  return { offset: append([key, msg]) };
});

node.on('poll', (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(([key, from]) => {
    const found = logs.get(key)?.slice(from) ?? [];
    return [key, found.map((message, at): Json => [from + at, message])] as const;
  });
  return { msgs: Object.fromEntries(msgs) };
});

// If a committed offset is forgotten, readers begin earlier, which is allowed.
node.on('commit_offsets', (body: { offsets: Record<string, number> }) => {
  for (const [key, offset] of Object.entries(body.offsets)) {
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  }
  return {};
});

node.on('list_committed_offsets', (body: { keys: string[] }) => ({
  offsets: Object.fromEntries(body.keys.map((key) => [key, committed.get(key)])),
}));
