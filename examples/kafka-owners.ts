/**
 * Append-only logs, on several nodes that share a linearizable store, where hardly any compare-and-set fails.
 *
 * Shows that a conflict avoided is cheaper than a conflict resolved. Each log has an owner, found by a hash of its
 * name, and appends go through it. While the owner waits for the store, it collects incoming messages, and writes them
 * as one batch. A log is a sequence of batches, each a separate value in lin-kv that never changes, under the log's
 * name and a number. So a batch travels once to the store and once to each node that reads it, where kafka-lin-kv.ts
 * moves whole logs.
 *
 * Why it is right: ownership is a habit, not a lock. A batch is written by a compare-and-set that only creates, so no
 * two nodes can write the same number, whichever node they consider the owner. When the owner does not answer, a node
 * appends by itself; then the message may be in the log twice, since the owner may be slow and not dead. So every
 * message has a name, and readers count only the first with each name: all read the same batches, so all agree on which
 * is the first.
 *
 * What it costs: two more messages for a send that arrives at another node, and a wait for an owner that is away.
 * Offsets are known only to nodes that have read a log from its beginning.
 *
 * To read: the idempotent producer and batching of Apache Kafka. broken/kafka-owners.ts mistakes the habit for a lock.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type Entry = readonly [name: string, message: Json];
/** What this node knows of a log: its first `batches` batches. */
interface Log {
  readonly key: string;
  readonly messages: Json[];
  readonly offsets: Map<string, number>;
  batches: number;
}
/** The entries collected for the next batch, and a promise for its write. */
interface Collection {
  readonly entries: Entry[];
  readonly written: Promise<void>;
}

const PATIENCE = { timeoutMs: 500 };
/** No key ever has this value, so a compare-and-set from it can only create. */
const NEVER = 'never';

const node = new Node();
const store = new LinKv(node);
const logs = new Map<string, Log>();
const collections = new Map<string, Collection>();
const lastWrites = new Map<string, Promise<void>>();

function logOf(key: string): Log {
  const log = logs.get(key) ?? { key, messages: [], offsets: new Map<string, number>(), batches: 0 };
  logs.set(key, log);
  return log;
}

function ownerOf(key: string): string {
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return node.nodeIds[hash % node.nodeIds.length] ?? node.id;
}

/** Applies batch number `at`, unless it was applied meanwhile. */
function take(log: Log, at: number, batch: readonly Entry[]): void {
  if (at !== log.batches) return;
  log.batches += 1;
  for (const [name, message] of batch) {
    if (!log.offsets.has(name)) log.offsets.set(name, log.messages.push(message) - 1);
  }
}

const nameOf = (log: Log, at: number): string => `batch ${at} of ${log.key}`;

/** Reads up to the current end of the log. */
async function catchUp(log: Log): Promise<void> {
  for (;;) {
    const at = log.batches;
    const batch = await store.readOr<readonly Entry[]>(nameOf(log, at), [], {
      ...PATIENCE,
      retries: Infinity,
    });
    if (batch.length === 0) return;
    take(log, at, batch);
  }
}

/** Writes the entries as one batch at the end of the log. */
async function write(log: Log, entries: readonly Entry[]): Promise<void> {
  while (!entries.every(([name]) => log.offsets.has(name))) {
    const at = log.batches;
    try {
      await store.cas(nameOf(log, at), NEVER, entries, { createIfNotExists: true, ...PATIENCE });
      take(log, at, entries);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // Another batch has this number, or our own, or the outcome is unknown: read on.
      await catchUp(log);
    }
  }
}

/** Appends an entry, in one batch with all that arrive until the previous write has ended. Resolves with its offset. */
async function append(key: string, entry: Entry): Promise<number> {
  const log = logOf(key);
  let collection = collections.get(key);
  if (collection === undefined) {
    const entries: Entry[] = [];
    const written = (lastWrites.get(key) ?? Promise.resolve()).then(() => {
      collections.delete(key);
      return write(log, entries);
    });
    collection = { entries, written };
    collections.set(key, collection);
    lastWrites.set(key, written);
  }
  collection.entries.push(entry);
  await collection.written;
  return log.offsets.get(entry[0]) ?? -1;
}

node.on('send', async ({ key, msg }) => {
  const entry: Entry = [node.random().toString(36).slice(2, 12), msg];
  const owner = ownerOf(key);
  if (owner !== node.id) {
    try {
      const { offset } = await node.rpc<{ offset: number }>(owner, { type: 'append', key, entry }, PATIENCE);
      return { offset };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // It may be away, or slow. Appending again is safe, because the name is the same.
    }
  }
  return { offset: await append(key, entry) };
});

node.on('append', async ({ key, entry }: { key: string; entry: Entry }) => ({
  offset: await append(key, entry),
}));

async function read(key: string, from: number): Promise<Json[]> {
  const log = logOf(key);
  await catchUp(log);
  return log.messages.slice(from).map((message, at): Json => [from + at, message]);
}

node.on('poll', async ({ offsets }) => {
  const msgs = Object.entries(offsets).map(async ([key, from]) => [key, await read(key, from)] as const);
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

/** Raises the committed offset. It never falls, so raising it again does no harm. */
async function commit(key: string, offset: number): Promise<void> {
  for (;;) {
    try {
      const name = `committed of ${key}`;
      const committed = await store.readOr(name, -1, PATIENCE);
      if (committed >= offset) return;
      return await store.cas(name, committed, offset, { createIfNotExists: true, ...PATIENCE });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
  }
}

node.on('commit_offsets', async ({ offsets }) => {
  await Promise.all(Object.entries(offsets).map(([key, offset]) => commit(key, offset)));
  return {};
});

node.on('list_committed_offsets', async ({ keys }) => {
  const offsets = await Promise.all(
    keys.map(async (key) => [key, await store.readOr(`committed of ${key}`, -1, PATIENCE)] as const),
  );
  return { offsets: Object.fromEntries(offsets.filter(([, offset]) => offset >= 0)) };
});
