/**
 * BROKEN on purpose. Broadcast that resends unacknowledged values, as examples/broadcast.ts does, but avoids checking
 * whether a value is new.
 *
 * The mistake: it uses the largest value seen as a high-water mark, as if it had all values up to there. Values
 * overtake each other on their way; one that arrives after a larger one is considered old, dropped, and acknowledged.
 *
 * The checker says: `lost-count` above 0, and `lost` lists the values that were acknowledged to a client and are
 * missing from a final read. No fault is needed; partitions make it worse.
 */
import { Node } from 'maelstrom/node';

const ROUND_MS = 500;

const node = new Node();
const seen: number[] = [];
let highest = -1;
const unconfirmed = new Map<string, number[]>();

function learn(values: readonly number[], teller: string): void {
  for (const value of values) {
    if (value <= highest) continue;
    highest = value;
    seen.push(value);
    for (const [neighbour, missing] of unconfirmed) if (neighbour !== teller) missing.push(value);
  }
}

node.on('topology', (body: { topology: Record<string, string[]> }) => {
  for (const neighbour of body.topology[node.id] ?? []) unconfirmed.set(neighbour, [...seen]);
  return {};
});

node.on('broadcast', (body: { message: number }, { src }) => {
  learn([body.message], src);
  return {};
});

node.on('read', () => ({ messages: seen }));

node.on('tell', (body: { values: number[] }, { src }) => {
  learn(body.values, src);
  return {};
});

async function tell(neighbour: string, missing: number[]): Promise<void> {
  const values = [...missing];
  await node.rpc(neighbour, { type: 'tell', values }, { timeoutMs: ROUND_MS });
  missing.splice(0, values.length);
}

node.every(ROUND_MS, async () => {
  const rounds = [...unconfirmed].filter(([, missing]) => missing.length > 0);
  await Promise.allSettled(rounds.map(([neighbour, missing]) => tell(neighbour, missing)));
});
