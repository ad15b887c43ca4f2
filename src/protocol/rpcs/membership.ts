/** The RPCs that ask a cluster to add or remove a member; only for clusters that support it. */
import * as z from 'zod';
import { defineRpc } from '../rpc.ts';

const request = z.object({ node: z.string() });
const response = z.object({});

export const addMemberRpc = defineRpc({
  type: 'add_member',
  about:
    'Asks a member to let a node join the cluster: `node` is its name, which no node has had before. It answers when the node ' +
    'is a member. The node itself is started afterwards, with nothing on its disk, and its `init` names all members, itself ' +
    'included. Sent only with the fault `membership`.',
  request,
  response,
});

export const removeMemberRpc = defineRpc({
  type: 'remove_member',
  about:
    'Asks a member, never the one in question, to let the member `node` leave the cluster permanently. That node runs until this ' +
    'is answered, and is killed at that moment: what only it has must be elsewhere by then. A node that is asked but is no member ' +
    'itself, or cannot do it now, answers with an error, such as 40 (not-a-member) or 11, and nothing is done. Sent only ' +
    'with the fault `membership`.',
  request,
  response,
});
