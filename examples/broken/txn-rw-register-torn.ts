/**
 * BROKEN on purpose. Transactions over registers that are spread over shards, each with its own stream to each other
 * node, as in examples/txn-rw-register-atomic.ts. What arrives is applied immediately, and of two writes the later
 * stamp wins: every copy is as fresh as possible, and in the end all are equal.
 *
 * The mistake: fresh does not mean atomic. The parts of a transaction arrive one by one, and between two of them a
 * reader sees x as the transaction left it, and y as it was before. Convergence in the end says nothing about the
 * meantime.
 *
 *     T1  write x 1, write y 1                     on n1
 *     T2              read x -> 1, read y -> null  on n2, where only the part with x has arrived
 *
 * The checker says: `G-single-item`: T2 read from T1 but also read what T1 replaced. Check for consistent views with
 * each register written once, since a lost update, which no available system prevents, is of the same kind:
 * `--consistency-models consistent-view --max-writes-per-key 1`. Under `read-committed` it passes. It takes a network
 * with latency.
 */
import { type Json, Node } from 'maelstrom/node';

type Stamp = readonly [time: number, node: string];
type Write = readonly [key: string, value: Json];
/** What one transaction wrote to one shard. */
type Part = { readonly stamp: Stamp; readonly writes: readonly Write[] };

const SHARDS = 4;
const ROUND_MS = 50;
const PATIENCE_MS = 1000;

const node = new Node();
/** Indexed by key in JSON, as a key may be any value. */
const registers = new Map<string, { readonly stamp: Stamp; readonly value: Json }>();
/** Indexed by peer and shard: the parts that have not been acknowledged. */
const streams = new Map<string, Set<Part>>();
let time = 0;

const isLater = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

function shardOf(key: string): number {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1009;
  return sum % SHARDS;
}

function take({ stamp, writes }: Part): void {
  time = Math.max(time, stamp[0]);
  for (const [key, value] of writes) {
    const present = registers.get(key);
    if (present === undefined || isLater(stamp, present.stamp)) registers.set(key, { stamp, value });
  }
}

/** Completes a transaction that writes, and puts its parts on their streams. */
function commit(writes: readonly Write[]): void {
  const stamp = [time + 1, node.id] as const;
  for (const shard of new Set(writes.map(([key]) => shardOf(key)))) {
    const part = { stamp, writes: writes.filter(([key]) => shardOf(key) === shard) };
    take(part);
    for (const peer of node.peers) streams.get(`${peer} ${shard}`)?.add(part);
  }
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
node.on('parts', ({ parts }: { parts: Part[] }) => {
  for (const part of parts) take(part);
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
      await node.rpc(peer, { type: 'parts', parts }, { timeoutMs: PATIENCE_MS });
      for (const part of parts) unconfirmed.delete(part);
    } catch {
      // No acknowledgement: the parts are still there, for another round.
    }
  });
}
