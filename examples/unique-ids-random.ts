/**
 * Unique ids by chance: 128 random bits.
 *
 * Shows that nothing at all has to be agreed on, not even names: a node needs no start time, no disk, no clock and no
 * other node. It answers under every partition, and after every restart.
 *
 * Why it is right: it is not certain, only likely enough. Of n ids with b random bits some two are equal with a probability of
 * about n^2 / 2^(b + 1), the birthday bound. For 128 bits and a thousand million ids a second, for a hundred years, that is
 * 1 in 70; and it rests on the generator: a good one, seeded well, on every machine.
 *
 * What it costs: 32 characters an id, in no order: an index over them has its newest entries everywhere.
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
