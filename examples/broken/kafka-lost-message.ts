/**
 * BROKEN on purpose. Append-only logs with a copy on every node, so that polls are answered immediately. Offsets come
 * from lin-tso, which hands out each number once, in ascending order; logs may have gaps. Each message is sent to all
 * other nodes repeatedly until they confirm it, so no copy lacks anything for long.
 *
 * The mistake: messages do not arrive in the order of their offsets. A reader finds 5 and 8 in a copy to which 7 is
 * still in flight, takes the gap for one of those that logs may have, and continues after 8. When 7 arrives, this
 * reader is past it and never looks back. A copy should not show anything beyond the point up to which it is known to
 * be complete.
 *
 * The checker says: `poll-skip`, a reader skipped an offset that exists (`int-poll-skip` within a single poll). It
 * takes two clients that send to one log at the same time, and messages of varying speed: `--latency-dist exponential`.
 */
import { type Json, Node, Tso } from 'maelstrom/node';

type Entry = readonly [offset: number, message: Json];

const PATIENCE_MS = 500;

const node = new Node();
const oracle = new Tso(node);
const logs = new Map<string, Map<number, Json>>();
const committed = new Map<string, number>();

function store(key: string, [offset, message]: Entry): void {
  const log = logs.get(key) ?? new Map<number, Json>();
  logs.set(key, log.set(offset, message));
}

async function tell(peer: string, key: string, entry: Entry): Promise<void> {
  for (;;) {
    try {
      await node.rpc(peer, { type: 'replicate', key, entry }, { timeoutMs: PATIENCE_MS });
      return;
    } catch {
      // Not confirmed: once more. Storing it twice does no harm.
    }
  }
}

node.on('send', async (body: { key: string; msg: Json }) => {
  const offset = await oracle.next();
  store(body.key, [offset, body.msg]);
  for (const peer of node.peers) void tell(peer, body.key, [offset, body.msg]);
  return { offset };
});

node.on('replicate', ({ key, entry }: { key: string; entry: Entry }) => {
  store(key, entry);
  return {};
});

function read(key: string, from: number): readonly Entry[] {
  return [...(logs.get(key) ?? [])].filter(([offset]) => offset >= from).sort(([a], [b]) => a - b);
}

node.on('poll', (body: { offsets: Record<string, number> }) => ({
  msgs: Object.fromEntries(Object.entries(body.offsets).map(([key, from]) => [key, read(key, from)])),
}));

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
