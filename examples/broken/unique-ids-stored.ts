/**
 * BROKEN on purpose. Ids from a name and a counter that is kept on disk, as in examples/unique-ids-stored.ts. To spare the
 * disk, only every hundredth number is written down.
 *
 * The mistake: what is on disk is where the counter was, and what counts is where it may have been. A node that is killed
 * goes on at the last number written, and makes up to a hundred ids again.
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
