/**
 * Grow-only counter on top of a service: the nodes keep nothing, seq-kv has the sum. (Run it with `-w g-counter`.)
 *
 * Shows optimistic concurrency, and how to use a store whose reads may be stale. An addition reads the sum and replaces
 * it with compare-and-set. When another node was faster, or the value was stale, the cas fails without effect and
 * everything starts again. A read that must be fresh first writes something new: seq-kv never shows a client less than
 * its own writes, nor less than what was written before them.
 */
import { ErrorCode, Node, RpcError, SeqKv } from 'maelstrom/node';

const node = new Node();
const store = new SeqKv(node);
// From 0, a node that was restarted would write what is there already, which is nothing new.
let fences = Date.now();

node.on('add', async (body: { delta: number }) => {
  for (;;) {
    const sum = await store.readOr('sum', 0);
    try {
      await store.cas('sum', sum, sum + body.delta, { createIfNotExists: true });
      return {};
    } catch (error) {
      // Only this error says that nothing happened. After a timeout, trying again might add twice: pass it on, and
      // let the client know that the outcome is unknown.
      if (!(error instanceof RpcError && error.code === ErrorCode.preconditionFailed)) throw error;
    }
  }
});

node.on('read', async () => {
  await store.write(`fence of ${node.id}`, ++fences);
  return { value: await store.readOr('sum', 0) };
});
