/** The first message to every node. */
import * as z from 'zod';
import { defineRpc } from '../rpc/rpc.ts';

export const initRpc = defineRpc({
  type: 'init',
  about:
    'Sent to every node once, before anything else. It tells the node its own name (`node_id`) and the names of all ' +
    'nodes of the cluster, including its own (`node_ids`). The node must answer `init_ok` within ten seconds (`--init-timeout`); a node that is still busy starting gets up to a minute.',
  request: z.object({ node_id: z.string(), node_ids: z.array(z.string()) }),
  response: z.object({}),
});
