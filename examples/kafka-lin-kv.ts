/**
 * Append-only logs, on several nodes that share a linearizable store.
 *
 * Shows how nodes append without talking to each other. A log is one value in lin-kv. A node that appends gives the log
 * that it has read and the new log, and compare-and-set lets only one of several nodes win. The others read what the
 * winner wrote, and append after it. So no offset is given to two messages, and a message has its offset before any
 * client sees it.
 *
 * It also shows how to retry without doing something twice. A cas without a reply may have taken effect; one that
 * failed may have failed because of an earlier copy of itself. So every message has its own name, and before each
 * attempt the node checks whether it is in the log already. A cas that arrives late does no harm: a log that has grown
 * never returns to an earlier value.
 */
import { type Json, LinKv, Node, RpcError } from 'maelstrom/node';

type Log = readonly (readonly [name: string, message: Json])[];

const PATIENCE = { timeoutMs: 500 };
const EMPTY: Log = [];

const node = new Node();
const store = new LinKv(node);

/** Replaces the value of a key by `next` of it, until `next` changes nothing. Resolves with the final value. */
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
      // The next read shows whether it took effect.
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

/** A key without a commit is left out: 0 would say that its first message was handled. */
const NONE = -1;

node.on('list_committed_offsets', async (body: { keys: string[] }) => {
  const offsets = body.keys.map(
    async (key) => [key, await store.readOr(`committed ${key}`, NONE, PATIENCE)] as const,
  );
  const committed = (await Promise.all(offsets)).filter(([, offset]) => offset !== NONE);
  return { offsets: Object.fromEntries(committed) };
});
