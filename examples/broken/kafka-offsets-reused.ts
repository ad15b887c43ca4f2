/**
 * BROKEN on purpose. Append-only logs over lin-kv, with one key per message. To find the end of a log, a node starts
 * where it found it last time and goes on to the first free offset, which is hardly ever far.
 *
 * The mistake: an offset that was free when it was read need not be free when it is written. Two nodes find the same
 * free offset and both write there; both clients get the same offset, and one message replaces the other. The store
 * could have prevented this, with a compare-and-set that only creates.
 *
 * The checker says: `inconsistent-offsets`, one offset with two messages, and `lost-write` for the one that was
 * replaced. It takes two nodes that append to the same log at the same time.
 */
import { type Json, LinKv, Node } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);
const ends = new Map<string, number>();
const committed = new Map<string, number>();

/** Returns the messages of a log from an offset up to the first missing one. */
async function read(key: string, from: number): Promise<Json[]> {
  const messages: Json[] = [];
  for (let offset = from; ; offset++) {
    const message = await store.readOr(`${key} at ${offset}`, null);
    if (message === null) return messages;
    messages.push([offset, message]);
  }
}

node.on('send', async (body: { key: string; msg: Json }) => {
  const begin = ends.get(body.key) ?? 0;
  const offset = begin + (await read(body.key, begin)).length;
  await store.write(`${body.key} at ${offset}`, body.msg);
  ends.set(body.key, offset + 1);
  return { offset };
});

node.on('poll', async (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(async ([key, from]) => [key, await read(key, from)] as const);
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

// What a reader committed on another node is unknown here. The reader then begins earlier, which is allowed.
node.on('commit_offsets', (body: { offsets: Record<string, number> }) => {
  for (const [key, offset] of Object.entries(body.offsets)) {
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  }
  return {};
});

node.on('list_committed_offsets', (body: { keys: string[] }) => ({
  offsets: Object.fromEntries(body.keys.map((key) => [key, committed.get(key)])),
}));
