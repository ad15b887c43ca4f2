/** The RPCs of the broadcast workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc.ts';

export const topologyRpc = defineRpc({
  type: 'topology',
  about:
    'Sent to every node at the start, after `init`. It offers a network to use for gossip, as a map from the name of ' +
    'each node to the names of its neighbours. A node is free to ignore it.',
  request: z.object({ topology: z.record(z.string(), z.array(z.string())) }),
  response: z.object({}),
});

export const broadcastRpc = defineRpc({
  type: 'broadcast',
  about:
    'Gives the system one `message`, which every node is to have in the end. Answered with an acknowledgement.',
  request: z.object({ message: anyJson }),
  response: z.object({}),
});

export const readMessagesRpc = defineRpc({
  type: 'read',
  about: 'Asks for all the messages this node has, in any order.',
  request: z.object({}),
  response: z.object({ messages: z.array(anyJson) }),
});

export const broadcastRpcs = [topologyRpc, broadcastRpc, readMessagesRpc];
