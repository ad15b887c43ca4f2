/**
 * BROKEN on purpose. Ids from a name and a counter that is stored on disk, as in examples/unique-ids-stored.ts. To save
 * disk writes, only every hundredth number is stored.
 *
 * The mistake: the disk has a past value of the counter, but a restart must begin at its highest possible value. A node
 * that is killed continues from the last stored number, and makes up to a hundred ids again.
 *
 * The checker says: `duplicated-count` above 0. It takes a node that is killed (`--nemesis kill`).
 */
import { Node } from 'maelstrom/node';

const STEP = 100;

const node = new Node();
let next = node.storage.read<number>('next') ?? 0;

node.on('generate', () => {
  if (next % STEP === 0) node.storage.write('next', next);
  return { id: `${node.id}-${next++}` };
});
