/** The RPCs of the broadcast workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

export const topologyRpc = defineRpc({
  type: 'topology',
  about:
    'Sent to every node at the start, after `init`. It suggests a topology for gossip, as a map from the name of each node to the names of its neighbours. A node may ignore it.',
  request: z.object({ topology: z.record(z.string(), z.array(z.string())) }),
  response: z.object({}),
});

export const broadcastRpc = defineRpc({
  type: 'broadcast',
  about: 'Adds one `message`, which must eventually reach every node. The reply acknowledges it.',
  request: z.object({ message: anyJson }),
  response: z.object({}),
});

export const readMessagesRpc = defineRpc({
  type: 'read',
  about: 'Asks for all messages that this node has, in any order.',
  request: z.object({}),
  response: z.object({ messages: z.array(anyJson) }),
});

export const broadcastRpcs = [topologyRpc, broadcastRpc, readMessagesRpc];
