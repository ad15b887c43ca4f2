/**
 * Broadcast: a value given to one node reaches all of them, also across partitions, with few messages.
 *
 * Shows how to be sure over a network that loses messages: for each neighbour keep what it has not acknowledged, and
 * send that again until it does. Waiting a moment before each round makes one message out of many values; a value is
 * not sent back to the neighbour it came from. Saying something twice does no harm, because a set does not mind.
 *
 * To play with: ROUND_MS buys fewer messages per operation with a longer way to the last node. Compare `msgs-per-op`
 * and `stable-latencies` in results.json, with `--topology line`, `grid`, `tree4` and `total`, at `--latency 100`.
 */
import { Node } from 'maelstrom/node';

const ROUND_MS = 50;
/** When to say it again. Shorter than a round trip would mean to say everything twice. */
const PATIENCE_MS = 500;

const node = new Node();
/** @type {Set<number>} */
const seen = new Set();
/**
 * For each neighbour, the values that it may not know yet.
 * @type {Map<string, Set<number>>}
 */
const unconfirmed = new Map();

/** @type {(values: readonly number[], teller: string) => void} */
function learn(values, teller) {
  for (const value of values) {
    unconfirmed.get(teller)?.delete(value); // who says it knows it
    if (seen.has(value)) continue;
    seen.add(value);
    for (const [neighbour, missing] of unconfirmed) if (neighbour !== teller) missing.add(value);
  }
}

node.on('topology', (/** @type {{ topology: Record<string, string[]> }} */ body) => {
  for (const neighbour of body.topology[node.id] ?? []) unconfirmed.set(neighbour, new Set(seen));
  return {};
});

node.on('broadcast', (/** @type {{ message: number }} */ body, { src }) => {
  learn([body.message], src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));

// Between nodes. The reply, `tell_ok`, is the acknowledgement.
node.on('tell', (/** @type {{ values: number[] }} */ body, { src }) => {
  learn(body.values, src);
  return {};
});

/** @type {(neighbour: string, missing: Set<number>) => Promise<void>} */
async function tell(neighbour, missing) {
  const values = [...missing];
  await node.rpc(neighbour, { type: 'tell', values }, { timeoutMs: PATIENCE_MS });
  for (const value of values) missing.delete(value);
}

/** @type {Set<string>} */
const waitingFor = new Set();

node.every(ROUND_MS, () => {
  for (const [neighbour, missing] of unconfirmed) {
    if (missing.size === 0 || waitingFor.has(neighbour)) continue;
    waitingFor.add(neighbour);
    tell(neighbour, missing)
      .catch(() => {}) // no answer: what was not confirmed is still in `missing`, for another round
      .finally(() => waitingFor.delete(neighbour));
  }
});
