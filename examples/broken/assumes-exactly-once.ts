/**
 * BROKEN on purpose. Counter that takes care of lost messages: each addition is sent to every other node, again and
 * again until that confirms it.
 *
 * The mistake: no receipt does not mean no delivery. When it is the receipt that was lost, or the network doubles a
 * message, the addition is made twice: adding, unlike forming a union, is not idempotent. Each addition would need a name
 * by which the second telling is recognised.
 *
 * The checker says: final reads outside `acceptable`, for additions were counted more than once. It takes a partition
 * that begins while messages are on their way (so give them some latency), loss, or duplication.
 */
import { Node } from 'maelstrom/node';

const PATIENCE_MS = 1000;

const node = new Node();
let sum = 0;

async function tell(peer: string, delta: number): Promise<void> {
  for (;;) {
    try {
      await node.rpc(peer, { type: 'increase', delta }, { timeoutMs: PATIENCE_MS });
      return;
    } catch {
      // No receipt: once more.
    }
  }
}

node.on('add', ({ delta }: { delta: number }) => {
  sum += delta;
  for (const peer of node.peers) void tell(peer, delta);
  return {};
});

node.on('read', () => ({ value: sum }));

node.on('increase', ({ delta }: { delta: number }) => {
  sum += delta;
  return {};
});
