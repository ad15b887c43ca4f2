/**
 * Unique ids that are small whole numbers, taken in blocks from a counter in lin-kv.
 *
 * Shows agreement bought in bulk. Small numbers cannot be unique without agreement, and agreement takes a round trip; a
 * block of BLOCK numbers shares it among BLOCK requests. `update` is a compare-and-set loop: of two nodes that raise
 * the counter at the same time, one does it again.
 *
 * Why it is right: each raise of the counter is one block, and compare-and-set lets no two nodes make the same raise.
 * When the outcome of one is unknown, another block is taken: an unused block is a gap, and gaps do no harm. (Invoice
 * numbers could not be treated like that.) A node that was killed takes a new block.
 *
 * What it costs: availability. A node that has used up its block and cannot reach the store has no ids; a larger block
 * only delays that. Numbers are in order within a block, not between nodes.
 *
 * To read: the "hi/lo" generators of object-relational mappers; docs/services.md. broken/unique-ids-blocks.ts takes the
 * same block on two nodes.
 */
import { LinKv, Node, RpcError } from 'maelstrom/node';

const BLOCK = 100;

const node = new Node();
const store = new LinKv(node);
let next = 0;
let end = 0;
/** While a block is being fetched, all requests wait for the same one. */
let refill: Promise<void> | undefined;

async function takeBlock(): Promise<void> {
  for (;;) {
    try {
      end = await store.update<number>('taken', (taken = 0) => taken + BLOCK, { timeoutMs: 500 });
      next = end - BLOCK;
      return;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // A block may be lost. The next one is as good.
    }
  }
}

node.on('generate', async () => {
  // In a loop, because requests that waited longer may have used up the block.
  while (next === end) await (refill ??= takeBlock().finally(() => (refill = undefined)));
  return { id: next++ };
});
