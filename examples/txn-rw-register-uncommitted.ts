/**
 * Transactions over registers, totally available and read uncommitted: the weakest level that deserves the name.
 *
 * Shows the lower limit. Each write is sent to the others when it is made, once, and never again. Readers see
 * transactions half done, and values that are overwritten before their transaction ends; when a message is lost, some
 * nodes never see the value. One thing remains, and this is what "read uncommitted" promises: transactions do not
 * overwrite each other's writes crosswise (a cycle of writes, G0), since all writes of a transaction have one stamp and
 * the later stamp wins.
 *
 * Run it with `--consistency-models read-uncommitted`, then with `read-committed` and a `--latency` of 100, and see
 * what the checker finds. examples/txn-rw-register.ts shows what it takes to get there.
 */
import { type Json, Node } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['w', key: Json, value: Json];
type Stamp = readonly [time: number, node: string];
type Write = { readonly key: string; readonly value: Json; readonly stamp: Stamp; readonly at: number };

const node = new Node();
/** Indexed by key in JSON, as a key may be any value. */
const registers = new Map<string, Write>();
let time = 0;

/** A write is later if its stamp is, or, within a transaction, if it was written later. */
function isLater(a: Write, b: Write): boolean {
  if (a.stamp[0] !== b.stamp[0]) return a.stamp[0] > b.stamp[0];
  if (a.stamp[1] !== b.stamp[1]) return a.stamp[1] > b.stamp[1];
  return a.at > b.at;
}

function take(write: Write): void {
  time = Math.max(time, write.stamp[0]);
  const present = registers.get(write.key);
  if (present === undefined || isLater(write, present)) registers.set(write.key, write);
}

node.on('txn', ({ txn }: { txn: MicroOp[] }) => {
  // The clock makes stamps of an earlier life older; the count goes past everything that this transaction may have
  // read.
  time = Math.max(time + 1, node.now());
  const stamp = [time, node.id] as const;
  const completed = txn.map(([f, key, value], at): Json => {
    const name = JSON.stringify(key);
    if (f === 'r') return [f, key, registers.get(name)?.value ?? null];
    const write = { key: name, value, stamp, at };
    take(write);
    for (const peer of node.peers) node.send(peer, { type: 'write', ...write });
    return [f, key, value];
  });
  return { txn: completed };
});

node.on('write', (body: Write) => take(body));
