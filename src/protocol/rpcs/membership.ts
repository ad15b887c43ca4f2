/** The RPCs by which a cluster is told to grow and to shrink; only for clusters that can. */
import { z } from 'zod';
import { defineRpc } from '../rpc.ts';

const request = z.object({ node: z.string() });
const response = z.object({});

export const addMemberRpc = defineRpc({
  type: 'add_member',
  about:
    'Asks a member to let a node join the cluster: `node` is its name. It answers when the node is a member. The node itself ' +
    'is started afterwards, and its `init` names all members, itself included. Sent only with `--nemesis membership`.',
  request,
  response,
});

export const removeMemberRpc = defineRpc({
  type: 'remove_member',
  about:
    'Asks a member to let a node leave the cluster; the node is stopped when this has been answered. A node that is asked ' +
    'but is no member itself, or cannot do it now, answers with an error, such as 40 (not-a-member) or 11. Sent only with ' +
    '`--nemesis membership`.',
  request,
  response,
});
