/**
 * BROKEN on purpose. Append-only logs over lin-kv, with one key per message, and an owner for each log, through which
 * all appends go, as in examples/kafka-owners.ts. As the only writer the owner knows where the log ends, so a plain
 * write is enough. If the owner does not respond, another node finds the end of the log and appends in its place.
 *
 * The mistake: an owner that does not answer is not necessarily dead. In a partition it continues to serve its own
 * clients, and both nodes write to the same offset: one of two acknowledged messages replaces the other. A timeout
 * proves nothing, and a lock that is only believed to be held is no lock. Let the store refuse the second write (a
 * compare-and-set that only creates).
 *
 * The checker says: `inconsistent-offsets`, one offset with two messages, and `lost-write` for the one that was
 * replaced. It takes a partition that leaves an owner with some of its clients.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

const PATIENCE = { timeoutMs: 300 };

const node = new Node();
const store = new LinKv(node);
/** The ends of logs, as far as this node knows. */
const ends = new Map<string, number>();
const lastAppends = new Map<string, Promise<number>>();
const committed = new Map<string, number>();

function ownerOf(key: string): string {
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return node.nodeIds[hash % node.nodeIds.length] ?? node.id;
}

/** Returns the messages of a log from an offset up to the first missing one. */
async function read(key: string, from: number): Promise<Json[]> {
  const messages: Json[] = [];
  for (let offset = from; ; offset++) {
    const message = await store.readOr(`${key} at ${offset}`, null);
    if (message === null) return messages;
    messages.push([offset, message]);
  }
}

async function appendAtEnd(key: string, msg: Json): Promise<number> {
  const known = ends.get(key);
  const offset = known !== undefined && ownerOf(key) === node.id ? known : (await read(key, 0)).length;
  await store.write(`${key} at ${offset}`, msg);
  ends.set(key, offset + 1);
  return offset;
}

/** Appends one message after the other: on this node no two appends overlap. */
function append(key: string, msg: Json): Promise<number> {
  const before = (lastAppends.get(key) ?? Promise.resolve(0)).catch(() => 0);
  const appended = before.then(() => appendAtEnd(key, msg));
  lastAppends.set(key, appended);
  return appended;
}

node.on('send', async ({ key, msg }) => {
  const owner = ownerOf(key);
  if (owner === node.id) return { offset: await append(key, msg) };
  try {
    return {
      offset: (await node.rpc<{ offset: number }>(owner, { type: 'append', key, msg }, PATIENCE)).offset,
    };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { offset: await append(key, msg) };
  }
});

node.on('append', async (body: { key: string; msg: Json }) => ({ offset: await append(body.key, body.msg) }));

node.on('poll', async ({ offsets }) => {
  const msgs = Object.entries(offsets).map(async ([key, from]) => [key, await read(key, from)] as const);
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

// What a reader committed on another node is unknown here. The reader then begins earlier, which is allowed.
node.on('commit_offsets', ({ offsets }) => {
  for (const [key, offset] of Object.entries(offsets))
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  return {};
});

node.on('list_committed_offsets', ({ keys }) => ({
  offsets: Object.fromEntries(keys.map((key) => [key, committed.get(key)])),
}));
