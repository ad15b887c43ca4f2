/**
 * BROKEN on purpose. Ids of time, node and sequence, as in examples/unique-ids-snowflake.ts, with the nodes well numbered
 * and enough room for all that a millisecond can bring.
 *
 * The mistake: it takes the clock for something that only goes forward. Whenever the millisecond is another one than before, the
 * sequence begins at 0. A clock that is set back has its milliseconds again, and so the node makes ids again.
 *
 * The checker says: `duplicated-count` above 0. It takes a clock that jumps back (`--nemesis skew`, which is also what
 * happens when a time server corrects a clock that was fast); without it the program is correct.
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
