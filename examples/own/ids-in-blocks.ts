/**
 * Unique ids from blocks that a custom service hands out. (Run it with `-w unique-ids --service
 * examples/own/id-blocks.ts`.)
 *
 * Shows a node that uses any service by its name: only one in ten ids costs a message.
 */
import { Node } from 'maelstrom/node';

const SIZE = 10;

const node = new Node();
let block: Promise<{ next: number; readonly end: number }> | undefined;

async function fetchBlock(): Promise<{ next: number; readonly end: number }> {
  const { from } = await node.rpc<{ from: number }>('id-blocks', { type: 'block', size: SIZE });
  return { next: from, end: from + SIZE };
}

node.on('generate', async () => {
  for (;;) {
    const asked = (block ??= fetchBlock());
    try {
      const ids = await asked;
      if (ids.next < ids.end) return { id: ids.next++ };
      if (block === asked) block = undefined;
    } catch (error) {
      if (block === asked) block = undefined;
      throw error;
    }
  }
});
