/**
 * BROKEN on purpose. Ids of time, node and sequence, as in examples/unique-ids-snowflake.ts, with properly numbered
 * nodes and enough room for all ids of a millisecond.
 *
 * The mistake: it assumes that the clock only goes forward. Whenever the millisecond differs from the previous one, the
 * sequence starts at 0. A clock that is set back repeats its milliseconds, and so the node repeats its ids.
 *
 * The checker says: `duplicated-count` above 0. It takes a clock that jumps back (`--nemesis skew`, which also models a
 * time server that corrects a fast clock); without it the program is correct.
 */
import { Node } from 'maelstrom/node';

const node = new Node();
let time = 0;
let sequence = 0;

node.on('generate', () => {
  const now = node.now();
  sequence = now === time ? sequence + 1 : 0;
  time = now;
  const machine = node.nodeIds.indexOf(node.id);
  return { id: (BigInt(time) << 22n) | (BigInt(machine) << 12n) | BigInt(sequence) };
});
