/**
 * Unique ids at random: 128 random bits.
 *
 * Shows that nothing at all has to be agreed on, not even names: a node needs no start time, no disk, no clock and no
 * other node. It answers during every partition, and after every restart.
 *
 * Why it is right: it is not certain, only likely enough. Among n ids with b random bits two are equal with a
 * probability of about n^2 / 2^(b + 1), the birthday bound. For 128 bits and a thousand million ids a second, for a
 * hundred years, that is 1 in 70. And it depends on the generator: a good one, seeded well, on every machine.
 *
 * What it costs: 32 characters per id, in no order: in an index over them the newest entries are scattered.
 *
 * To read: RFC 9562, UUIDs of version 4, and of version 7 for those that begin with the time.
 * broken/unique-ids-random.ts is the same with ids that are easier to type.
 */
import { Node } from 'maelstrom/node';

const BITS = 128;

const node = new Node();

node.on('generate', () => {
  const bytes = crypto.getRandomValues(new Uint8Array(BITS / 8));
  return { id: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
});
