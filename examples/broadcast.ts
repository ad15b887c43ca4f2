/**
 * Broadcast: a value sent to one node reaches all of them, even across partitions, with few messages.
 *
 * Shows how to be sure over a network that loses messages: for each neighbour, keep the values that it has not
 * acknowledged, and resend them until it does. Waiting a moment before each round puts many values into one message; a
 * value is not sent back to the neighbour it came from. Sending a value twice does no harm, because adding it to a set
 * twice changes nothing.
 *
 * To experiment: a larger ROUND_MS means fewer messages per operation, but it takes longer to reach the last node.
 * Compare `msgs-per-op` and `stable-latencies` in results.json, with `--topology line`, `grid`, `tree4` and `total`, at
 * `--latency 100`.
 */
import { Node } from 'maelstrom/node';

const ROUND_MS = 50;
/** When to resend. Shorter than a round trip, everything would be sent twice. */
const PATIENCE_MS = 500;

const node = new Node();
const seen = new Set<number>();
/** For each neighbour, the values that it may not know yet. */
const unconfirmed = new Map<string, Set<number>>();

function learn(values: readonly number[], teller: string): void {
  for (const value of values) {
    unconfirmed.get(teller)?.delete(value); // the sender of a value knows it
    if (seen.has(value)) continue;
    seen.add(value);
    for (const [neighbour, missing] of unconfirmed) if (neighbour !== teller) missing.add(value);
  }
}

node.on('topology', (body: { topology: Record<string, string[]> }) => {
  for (const neighbour of body.topology[node.id] ?? []) unconfirmed.set(neighbour, new Set(seen));
  return {};
});

node.on('broadcast', (body: { message: number }, { src }) => {
  learn([body.message], src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));

// Between nodes. The reply, `tell_ok`, is the acknowledgement.
node.on('tell', (body: { values: number[] }, { src }) => {
  learn(body.values, src);
  return {};
});

async function tell(neighbour: string, missing: Set<number>): Promise<void> {
  const values = [...missing];
  await node.rpc(neighbour, { type: 'tell', values }, { timeoutMs: PATIENCE_MS });
  for (const value of values) missing.delete(value);
}

const waitingFor = new Set<string>();

node.every(ROUND_MS, () => {
  for (const [neighbour, missing] of unconfirmed) {
    if (missing.size === 0 || waitingFor.has(neighbour)) continue;
    waitingFor.add(neighbour);
    tell(neighbour, missing)
      .catch(() => {}) // no reply: unconfirmed values are still in `missing`, for another round
      .finally(() => waitingFor.delete(neighbour));
  }
});
