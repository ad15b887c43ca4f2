/**
 * BROKEN on purpose. A counter that handles lost messages: each addition is sent to every other node repeatedly until
 * that node confirms it.
 *
 * The mistake: no acknowledgement does not mean no delivery. When the acknowledgement was lost, or the network
 * duplicates a message, the addition is made twice: adding, unlike forming a union, is not idempotent. Each addition
 * would need an identifier by which a repetition is recognised.
 *
 * The checker says: final reads outside `acceptable`, because additions were counted more than once. It takes a
 * partition that begins while messages are in flight (so give them some latency), loss, or duplication.
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
      // No acknowledgement: once more.
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
