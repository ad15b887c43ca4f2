/**
 * BROKEN on purpose. Transactions over registers that are spread over shards, each with a stream of its own to each other node, as in
 * examples/txn-rw-register-atomic.ts. What arrives is taken over at once, and of two writes the later stamp wins: every
 * copy is as fresh as it can be, and in the end all are equal.
 *
 * The mistake: fresh is not whole. The parts of a transaction arrive one by one, and between two of them a reader sees x
 * as the transaction left it, and y as it was before. Equal in the end says nothing about the meantime.
 *
 *     T1  write x 1, write y 1                     on n1
 *     T2              read x -> 1, read y -> null  on n2, where only the part of x has arrived
 *
 * The checker says: `G-single-item`, T2 read from T1 and yet read what T1 replaced. Ask for consistent views where each register is
 * written once, since a lost update, which no available system prevents, is of the same kind:
 * `--consistency-models consistent-view --max-writes-per-key 1`. By `read-committed` it passes. It takes a network with a latency.
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
/** By keys in JSON: a key may be anything. */
const registers = new Map<string, { readonly stamp: Stamp; readonly value: Json }>();
/** By peer and shard: the parts that have not been confirmed. */
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

// Between nodes. The reply, `parts_ok`, is the receipt; a part that comes twice changes nothing.
node.on('parts', ({ parts }: { parts: Part[] }) => {
  for (const part of parts) take(part);
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
      await node.rpc(peer, { type: 'parts', parts }, { timeoutMs: PATIENCE_MS });
      for (const part of parts) unconfirmed.delete(part);
    } catch {
      // No receipt: they are still there, for another round.
    }
  });
}
