/** The RPCs that ask a cluster to add or remove a member; only for clusters that support it. */
import * as z from 'zod';
import { defineRpc } from '../rpc/rpc.ts';

/** Two names for one thing: the second is that of the original's proposal, whose programs should run here. */
const request = z.object({ node: z.string(), node_id: z.string() });
const response = z.object({});

export const addMemberRpc = defineRpc({
  type: 'add_member',
  about:
    'Asks a member to let a node join the cluster: `node`, and `node_id` as well, is its name, which no node has had before. The member answers once the node has joined. The node itself is started afterwards, with an empty disk, and its `init` names all members, including itself. Sent only with the fault `membership`.',
  request,
  response,
});

export const removeMemberRpc = defineRpc({
  type: 'remove_member',
  about:
    'Asks a member other than `node` to let the member `node` leave the cluster permanently. That node runs until this request is answered, and is then killed: by then its data must be on other nodes. A node that receives this request but is not a member itself, or cannot do it now, answers with an error, such as 40 (not-a-member) or 11, and nothing changes. Sent only ' +
    'with the fault `membership`.',
  request,
  response,
});
