/**
 * BROKEN on purpose. Append-only logs over lin-kv that do not move whole logs about: a counter for each log gives out
 * offsets by compare-and-set, and each message has a key of its own.
 *
 * The mistake: an offset is given out before its message is stored. A reader who comes in between finds nothing there,
 * takes it for one of the gaps that logs may have, and reads on; when the message is stored, that reader is past it and
 * never comes back. The reader should have stopped before the gap.
 *
 * The checker says: `poll-skip`, a reader jumped over an offset that exists, and `lost-write` when nobody ever saw it. It
 * takes one who sends and one who polls at the same time; some `--latency` makes it frequent.
 */
import { ErrorCode, type Json, LinKv, Node, RpcError } from 'maelstrom/node';

const node = new Node();
const store = new LinKv(node);

/** Replaces a number by what `next` makes of it, as if nobody else were there. Resolves with the one replaced. */
async function update(key: string, next: (value: number) => number): Promise<number> {
  for (;;) {
    const before = await store.readOr<number>(key, 0);
    try {
      await store.cas(key, before, next(before), { createIfNotExists: true });
      return before;
    } catch (error) {
      if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    }
  }
}

node.on('send', async (body: { key: string; msg: Json }) => {
  const offset = await update(`end of ${body.key}`, (end) => end + 1);
  await store.write(`${body.key} at ${offset}`, body.msg);
  return { offset };
});

async function read(key: string, from: number): Promise<Json[]> {
  const end = await store.readOr<number>(`end of ${key}`, 0);
  const messages: Json[] = [];
  for (let offset = from; offset < end; offset++) {
    const message = await store.readOr(`${key} at ${offset}`, null);
    if (message !== null) messages.push([offset, message]);
  }
  return messages;
}

node.on('poll', async (body: { offsets: Record<string, number> }) => {
  const msgs = Object.entries(body.offsets).map(async ([key, from]) => [key, await read(key, from)] as const);
  return { msgs: Object.fromEntries(await Promise.all(msgs)) };
});

node.on('commit_offsets', async (body: { offsets: Record<string, number> }) => {
  for (const [key, offset] of Object.entries(body.offsets)) {
    await update(`committed ${key}`, (committed) => Math.max(committed, offset));
  }
  return {};
});

node.on('list_committed_offsets', async (body: { keys: string[] }) => {
  const offsets = body.keys.map(
    async (key) => [key, await store.readOr<number>(`committed ${key}`, 0)] as const,
  );
  return { offsets: Object.fromEntries(await Promise.all(offsets)) };
});
