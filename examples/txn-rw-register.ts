/**
 * Transactions over registers, totally available and read committed: every node answers immediately, whatever the
 * network does.
 *
 * Shows how far one gets without coordination. A transaction runs on this node's copy alone, in isolation, and its
 * writes are sent to the others afterwards, as one message. Only the last value of each register is sent, and the
 * receiver applies all of them together: no reader ever sees an intermediate value.
 *
 * Copies agree in the end because of two writes the later stamp wins, on every node. All writes of a transaction have
 * one stamp: with a stamp for each write, of two transactions one could win x and the other y, and neither would come
 * first. The stamp is a clock that also counts past everything seen, so that a node which overwrites a value has the
 * later stamp.
 *
 * Not promised: that a read is fresh, or that two reads see one moment. Ask for more, and the checker shows what is
 * missing: `--consistency-models serializable`.
 */
import { type Json, Node } from 'maelstrom/node';

type MicroOp = readonly ['r', key: Json, value: null] | readonly ['w', key: Json, value: Json];
type Stamp = readonly [time: number, node: string];
interface Commit {
  readonly stamp: Stamp;
  readonly writes: readonly (readonly [key: string, value: Json])[];
}

const ROUND_MS = 100;
const PATIENCE_MS = 1000;

const node = new Node();
/** Indexed by key in JSON, as a key may be any value. */
const registers = new Map<string, { readonly stamp: Stamp; readonly value: Json }>();
/** For each other node, the commits that it has not acknowledged. */
const untold = new Map<string, Set<Commit>>();
let time = 0;

const isLater = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

function take({ stamp, writes }: Commit): void {
  time = Math.max(time, stamp[0]);
  for (const [key, value] of writes) {
    const present = registers.get(key);
    if (present === undefined || isLater(stamp, present.stamp)) registers.set(key, { stamp, value });
  }
}

node.onInit(() => {
  for (const peer of node.peers) untold.set(peer, new Set());
});

node.on('txn', ({ txn }: { txn: MicroOp[] }) => {
  const writes = new Map<string, Json>();
  const completed = txn.map(([f, key, value]): Json => {
    const name = JSON.stringify(key);
    if (f === 'w') writes.set(name, value);
    return [f, key, f === 'r' ? (writes.get(name) ?? registers.get(name)?.value ?? null) : value];
  });
  if (writes.size > 0) {
    time = Math.max(time + 1, node.now());
    const commit = { stamp: [time, node.id] as const, writes: [...writes] };
    take(commit);
    for (const commits of untold.values()) commits.add(commit);
  }
  return { txn: completed };
});

// Between nodes. The reply, `commits_ok`, is the acknowledgement; a commit that arrives twice changes nothing.
node.on('commits', (body: { commits: Commit[] }) => {
  for (const commit of body.commits) take(commit);
  return {};
});

const waitingFor = new Set<string>();

async function tell(peer: string, commits: Set<Commit>): Promise<void> {
  const sent = [...commits];
  waitingFor.add(peer);
  try {
    const body = { type: 'commits', commits: sent.map(({ stamp, writes }) => ({ stamp, writes })) };
    await node.rpc(peer, body, { timeoutMs: PATIENCE_MS });
    for (const commit of sent) commits.delete(commit);
  } catch {
    // No reply: they are still in `commits`, for another round.
  } finally {
    waitingFor.delete(peer);
  }
}

node.every(ROUND_MS, () => {
  for (const [peer, commits] of untold)
    if (commits.size > 0 && !waitingFor.has(peer)) void tell(peer, commits);
});
