/**
 * Append-only logs, on several nodes that share a linearizable store.
 *
 * Shows how nodes append without speaking to each other. A log is one value in lin-kv; the node that appends says which log it
 * has seen and which comes next, and compare-and-set lets only one of several win. The others read what the winner wrote,
 * and append behind it. So no offset is given to two messages, and a message has its place before any client hears of it.
 *
 * And it shows how to try again without doing it twice. A cas that was not answered may have taken place; one that failed
 * may have failed because of a copy of itself that came first. So every message bears a name of its own, and before each
 * attempt the log tells whether it is there already. A cas that comes late does no harm: a log that has grown is never
 * again what it was.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type Log = readonly (readonly [name: string, message: Json])[];

const PATIENCE = { timeoutMs: 500 };
const EMPTY: Log = [];

const node = new Node();
const store = new LinKv(node);

/** Replaces the value of a key by what `next` makes of it, until it makes nothing new of it. Resolves with that. */
async function settle<Value extends Json>(
  key: string,
  initially: Value,
  next: (value: Value) => Value,
): Promise<Value> {
  for (;;) {
    try {
      const before = await store.readOr(key, initially, PATIENCE);
      const after = next(before);
      if (after === before) return before;
      await store.cas(key, before, after, { createIfNotExists: true, ...PATIENCE });
      return after;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // Whether it was in vain, the next look will tell.
    }
  }
}

node.on('send', async (body: { key: string; msg: Json }) => {
  const name = node.random().toString(36).slice(2, 12);
  const place = (log: Log): number => log.findIndex(([other]) => other === name);
  const append = (log: Log): Log => (place(log) >= 0 ? log : [...log, [name, body.msg]]);
  return { offset: place(await settle(`log ${body.key}`, EMPTY, append)) };
});

async function read(key: string, from: number): Promise<Json> {
  const log = await store.readOr(`log ${key}`, EMPTY, PATIENCE);
  return log.slice(from).map(([, message], at): Json => [from + at, message]);
}

node.on('poll', async (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(async ([key, from]) => [key, await read(key, from)] as const);
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

node.on('commit_offsets', async (body: { offsets: Record<string, number> }) => {
  for (const [key, offset] of Object.entries(body.offsets)) {
    await settle<number>(`committed ${key}`, 0, (committed) => Math.max(committed, offset));
  }
  return {};
});

node.on('list_committed_offsets', async (body: { keys: string[] }) => {
  const offsets = body.keys.map(
    async (key) => [key, await store.readOr(`committed ${key}`, 0, PATIENCE)] as const,
  );
  return { offsets: Object.fromEntries(await Promise.all(offsets)) };
});
