/**
 * Transactions over registers, totally available, with a monotonic atomic view: a reader that sees a part of a
 * transaction sees all of it.
 *
 * Shows how the parts of a transaction can become visible together without arriving together. Registers are spread over
 * SHARDS, and each shard has its own stream to each other node, as in a store whose shards replicate separately. So the
 * writes of one transaction arrive at different times, in any order. Every part names the shards of its transaction; a
 * node keeps parts hidden until all of them have arrived, and then shows them together. Readers never wait: they read
 * what is visible.
 *
 * It also shows causality. A part also says how many of each other node's transactions its node had seen when it was
 * made. Those become visible first, so no reader sees an answer before the question.
 *
 * Why it is right: the visible state changes by whole transactions, and a transaction runs on one such state in
 * isolation. Of two writes of a register the later stamp wins; stamps count past everything visible, so copies agree in
 * the end.
 *
 * What it costs: memory for hidden parts, and freshness: one late part, or one transaction behind a partition, holds
 * back all that follows from it. Nothing keeps two nodes from overwriting the same version (a lost update); to prevent
 * that, nodes would have to wait for each other. And everything is in memory: a node that is killed lacks what later
 * transactions follow from, and shows none of them.
 *
 * Under `monotonic-atomic-view` the checker looks, as Elle does, for violations of read committed. A torn view is
 * detected when each register is written once: `--max-writes-per-key 1 --consistency-models consistent-view` finds a
 * reader that saw a part.
 *
 * To read: Bailis et al., "Highly Available Transactions" (2013) and "Scalable Atomic Visibility with RAMP
 * Transactions" (2014). broken/txn-rw-register-torn.ts shows each part as it arrives.
 */
import { type Json, Node } from 'maelstrom/node';

type Stamp = readonly [time: number, node: string];
type Write = readonly [key: string, value: Json];
/** What one transaction wrote to one shard. */
type Part = {
  readonly stamp: Stamp;
  /** Counts the writing transactions of its node, from 1. */
  readonly number: number;
  /** How many transactions of each node were visible where it was made. */
  readonly after: Readonly<Record<string, number>>;
  readonly shards: readonly number[];
  readonly writes: readonly Write[];
};

const SHARDS = 4;
const ROUND_MS = 50;
const PATIENCE_MS = 1000;

const node = new Node();
/** The visible state, indexed by key in JSON, as a key may be any value. */
const registers = new Map<string, { readonly stamp: Stamp; readonly value: Json }>();
/** How many transactions of each node are visible. */
const seen = new Map<string, number>();
/** Indexed by node and number, then by shard: the parts of hidden transactions. */
const pending = new Map<string, Map<number, Part>>();
/** Indexed by peer and shard: the parts that have not been acknowledged. */
const streams = new Map<string, Set<Part>>();
let time = 0;

const seenOf = (name: string): number => seen.get(name) ?? 0;
const isLater = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

function shardOf(key: string): number {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1009;
  return sum % SHARDS;
}

/** Whether all parts have arrived, and everything that the transaction follows is visible. */
function isDue(parts: ReadonlyMap<number, Part>): boolean {
  const [part] = parts.values();
  if (part === undefined || parts.size < part.shards.length) return false;
  return (
    seenOf(part.stamp[1]) === part.number - 1 &&
    Object.entries(part.after).every(([name, number]) => seenOf(name) >= number)
  );
}

/** Makes a transaction visible, all of it in one turn. */
function show(parts: Iterable<Part>): void {
  for (const { stamp, number, writes } of parts) {
    time = Math.max(time, stamp[0]);
    seen.set(stamp[1], number);
    for (const [key, value] of writes) {
      const present = registers.get(key);
      if (present === undefined || isLater(stamp, present.stamp)) registers.set(key, { stamp, value });
    }
  }
}

/** Shows every transaction that is due; each one may be what others wait for. */
function showAllDue(): void {
  for (;;) {
    const due = [...pending].find(([, parts]) => isDue(parts));
    if (due === undefined) return;
    const [id, parts] = due;
    pending.delete(id);
    show(parts.values());
  }
}

/** Completes a transaction that writes, and puts its parts on their streams. */
function commit(writes: readonly Write[]): void {
  time += 1;
  const stamp = [time, node.id] as const;
  const common = { stamp, number: seenOf(node.id) + 1, after: Object.fromEntries(seen) };
  const shards = [...new Set(writes.map(([key]) => shardOf(key)))];
  const parts = shards.map((shard): Part => {
    return { ...common, shards, writes: writes.filter(([key]) => shardOf(key) === shard) };
  });
  show(parts);
  for (const [at, part] of parts.entries())
    for (const peer of node.peers) streams.get(`${peer} ${shards[at]}`)?.add(part);
}

node.on('txn', ({ txn }) => {
  const writes = new Map<string, Json>();
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    if (f === 'w') writes.set(name, value);
    return [f, key, f === 'r' ? (writes.get(name) ?? registers.get(name)?.value ?? null) : value];
  });
  if (writes.size > 0) commit([...writes]);
  return { txn: completed };
});

// Between nodes. The reply, `parts_ok`, is the acknowledgement; a part that arrives twice changes nothing.
node.on('parts', ({ shard, parts }: { shard: number; parts: Part[] }) => {
  for (const part of parts) {
    const { stamp, number } = part;
    if (number <= seenOf(stamp[1])) continue;
    const id = `${stamp[1]} ${number}`;
    pending.set(id, (pending.get(id) ?? new Map<number, Part>()).set(shard, part));
  }
  showAllDue();
  return {};
});

node.onInit(() => {
  for (const peer of node.peers) for (let shard = 0; shard < SHARDS; shard++) openStream(peer, shard);
});

/** Each stream sends its parts, waits for the acknowledgement, and continues; streams do not wait for each other. */
function openStream(peer: string, shard: number): void {
  const unconfirmed = new Set<Part>();
  streams.set(`${peer} ${shard}`, unconfirmed);
  node.every(ROUND_MS, async () => {
    const parts = [...unconfirmed];
    if (parts.length === 0) return;
    try {
      await node.rpc(peer, { type: 'parts', shard, parts }, { timeoutMs: PATIENCE_MS });
      for (const part of parts) unconfirmed.delete(part);
    } catch {
      // No acknowledgement: the parts are still there, for another round.
    }
  });
}
