/**
 * BROKEN on purpose. Small numbers in blocks from a counter in lin-kv, as in examples/unique-ids-blocks.ts, with plain
 * reads and writes. The store is linearizable, so every node reads the newest value.
 *
 * The mistake: a value is the newest only at the moment of the read. Between the read and the write another node reads
 * the same counter, and both take the same block. A linearizable store makes single operations atomic, not pairs of
 * them.
 *
 * The checker says: `duplicated-count` above 0, whole blocks of ids that two nodes handed out. It takes two nodes that
 * run out of numbers at the same time, as they all do when they start.
 */
import { LinKv, Node } from 'maelstrom/node';

const BLOCK = 100;

const node = new Node();
const store = new LinKv(node);
let next = 0;
let end = 0;
let refill: Promise<void> | undefined;

async function takeBlock(): Promise<void> {
  const taken = await store.readOr('taken', 0);
  await store.write('taken', taken + BLOCK);
  next = taken;
  end = taken + BLOCK;
}

node.on('generate', async () => {
  while (next === end) await (refill ??= takeBlock().finally(() => (refill = undefined)));
  return { id: next++ };
});
