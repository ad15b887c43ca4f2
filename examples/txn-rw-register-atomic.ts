/**
 * Transactions over registers, totally available, with a monotonic atomic view: who sees a part of a transaction sees all of it.
 *
 * Shows how to be seen at once without arriving at once. Registers are spread over SHARDS, and each shard has a stream of
 * its own to each other node, as where shards are kept on disks and machines of their own. So the writes of one transaction
 * arrive at different times, in any order. Every part says how many parts its transaction has; a node keeps parts out of sight until all are
 * there, and then shows them together. Readers never wait for anything: they read what is in sight.
 *
 * And it shows causality. A part also says how much its node had seen of each other node's transactions when it was made. Those
 * come into sight first, so nobody sees an answer before the question.
 *
 * Why it is right: what is in sight changes by whole transactions, and a transaction runs on one such state undisturbed. Of two
 * writes of a register the later stamp wins; stamps count past all that was in sight, so copies agree in the end.
 *
 * What it costs: memory for what is out of sight, and freshness: one part that is late, or one transaction behind a cut, holds
 * back all that follows from it. No two nodes are kept from writing over the same version (a lost update); to
 * prevent that, nodes would have to wait for each other. And all is in memory: a node that is killed has nothing to show what comes after.
 *
 * The model's name is `monotonic-atomic-view`. Of histories alone the checker can see more where each register is written
 * once: then `--max-writes-per-key 1 --consistency-models consistent-view` finds any torn or disordered view.
 *
 * To read: Bailis et al., "Highly Available Transactions" (2013) and "Scalable Atomic Visibility with RAMP Transactions" (2014).
 * broken/txn-rw-register-torn.ts shows each part as it comes.
 */
import { type Json, Node } from 'maelstrom/node';

type Stamp = readonly [time: number, node: string];
type Write = readonly [key: string, value: Json];
/** What one transaction wrote to one shard. */
type Part = {
  readonly stamp: Stamp;
  /** Counts the transactions of its node that write, from 1. */
  readonly number: number;
  /** How many transactions of each node were in sight where it was made. */
  readonly after: Readonly<Record<string, number>>;
  readonly shards: readonly number[];
  readonly writes: readonly Write[];
};

const SHARDS = 4;
const ROUND_MS = 50;
const PATIENCE_MS = 1000;

const node = new Node();
/** What is in sight. By keys in JSON: a key may be anything. */
const registers = new Map<string, { readonly stamp: Stamp; readonly value: Json }>();
/** How many transactions of each node are in sight. */
const seen = new Map<string, number>();
/** By node and number, then by shard: transactions out of sight. */
const pending = new Map<string, Map<number, Part>>();
/** By peer and shard: the parts that have not been confirmed. */
const streams = new Map<string, Set<Part>>();
let time = 0;

const seenOf = (name: string): number => seen.get(name) ?? 0;
const isLater = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

function shardOf(key: string): number {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1009;
  return sum % SHARDS;
}

/** Whether all parts are there, and all that the transaction follows is in sight. */
function isDue(parts: ReadonlyMap<number, Part>): boolean {
  const [part] = parts.values();
  if (part === undefined || parts.size < part.shards.length) return false;
  return (
    seenOf(part.stamp[1]) === part.number - 1 &&
    Object.entries(part.after).every(([name, number]) => seenOf(name) >= number)
  );
}

/** Brings a transaction into sight, all of it in one turn. */
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

/** One transaction that comes into sight may be what others wait for. */
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

// Between nodes. The reply, `parts_ok`, is the receipt; a part that comes twice changes nothing.
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

/** Each stream sends what is on it, waits for the receipt, and goes on; none waits for another. */
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
      // No receipt: they are still there, for another round.
    }
  });
}
