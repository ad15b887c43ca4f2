/**
 * BROKEN on purpose. Append-only logs over lin-kv, a key for each message, and an owner for each log, through which all appends go, as in
 * examples/kafka-owners.ts. The owner is alone, so it knows where the log ends, and a plain write is enough. Should
 * the owner be away, another node looks for the end of the log and appends in its place.
 *
 * The mistake: that the owner does not answer does not mean that it is gone. Behind a cut it goes on serving its own clients,
 * and both write to the same offset: one of two acknowledged messages replaces the other. A time-out is no proof, and a
 * lock that is believed to be held is no lock; let the store refuse the second one (a compare-and-set that only creates).
 *
 * The checker says: `inconsistent-offsets`, one offset with two messages, and `lost-write` for the one that was replaced.
 * It takes a partition that leaves an owner with some of its clients.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

const PATIENCE = { timeoutMs: 300 };

const node = new Node();
const store = new LinKv(node);
/** Where logs end, as far as this node knows. */
const ends = new Map<string, number>();
const lastAppends = new Map<string, Promise<number>>();
const committed = new Map<string, number>();

function ownerOf(key: string): string {
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return node.nodeIds[hash % node.nodeIds.length] ?? node.id;
}

/** The messages of a log from an offset on, up to the first that is not there. */
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

/** One after the other: at this node no two appends meet. */
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

// What a reader committed on another node is not known here. It then begins earlier, which is allowed.
node.on('commit_offsets', ({ offsets }) => {
  for (const [key, offset] of Object.entries(offsets))
    committed.set(key, Math.max(offset, committed.get(key) ?? 0));
  return {};
});

node.on('list_committed_offsets', ({ keys }) => ({
  offsets: Object.fromEntries(keys.map((key) => [key, committed.get(key)])),
}));
