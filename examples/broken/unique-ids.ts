/**
 * BROKEN on purpose. Ids in the style of Twitter's Snowflake: time, machine and a sequence number in one integer.
 *
 * The mistake: the machine's number is parsed from a name such as "n3", which is not a number. `Number('n3')` is NaN,
 * and NaN shifted is 0, on every machine: no error, no warning. Two nodes that make an id in the same second make the
 * same one.
 *
 * The checker says: `duplicated-count` above 0, and `duplicated` lists the ids that were handed out more than once. It
 * takes two nodes, and two requests within a second.
 */
import { Node } from 'maelstrom/node';

const node = new Node();
let second = 0;
let sequence = 0;

node.on('generate', () => {
  const now = Math.floor(node.now() / 1000);
  if (now !== second) {
    second = now;
    sequence = 0;
  }
  const machine = Number(node.id) << 12;
  return { id: (BigInt(now) << 22n) | BigInt(machine) | BigInt(sequence++) };
});
