/**
 * Append-only logs, on several nodes that share a linearizable store.
 *
 * Shows how nodes append without speaking to each other. A log is one value in lin-kv; whoever appends says which log it
 * has seen and which comes next, and compare-and-set lets only one of several win. The others read what the winner wrote,
 * and append behind it. So no offset is given to two messages, and a message has its place before anybody hears of it.
 *
 * A cas that was not answered is not repeated: it may have taken place, and the message would be there twice. The client
 * is told that nobody knows.
 */
import { ErrorCode, type Json, LinKv, Node, RpcError } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);

/** Replaces the value of a key by what `next` makes of it, as if nobody else were there. Resolves with the new value. */
async function update<Value extends Json>(
  key: string,
  initially: Value,
  next: (value: Value) => Value,
): Promise<Value> {
  for (;;) {
    const before = await store.readOr(key, initially);
    const after = next(before);
    if (after === before) return after;
    try {
      await store.cas(key, before, after, { createIfNotExists: true });
      return after;
    } catch (error) {
      if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    }
  }
}

const NO_MESSAGES: readonly Json[] = [];

node.on('send', async (body: { key: string; msg: Json }) => {
  const log = await update(`log ${body.key}`, NO_MESSAGES, (messages) => [...messages, body.msg]);
  return { offset: log.length - 1 };
});

node.on('poll', async (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(async ([key, from]) => {
    const log = await store.readOr(`log ${key}`, NO_MESSAGES);
    return [key, log.slice(from).map((message, at): Json => [from + at, message])] as const;
  });
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

node.on('commit_offsets', async (body: { offsets: Record<string, number> }) => {
  for (const [key, offset] of Object.entries(body.offsets)) {
    await update<number>(`committed ${key}`, 0, (committed) => Math.max(committed, offset));
  }
  return {};
});

node.on('list_committed_offsets', async (body: { keys: string[] }) => {
  const offsets = body.keys.map(async (key) => [key, await store.readOr(`committed ${key}`, 0)] as const);
  return { offsets: Object.fromEntries(await Promise.all(offsets)) };
});
