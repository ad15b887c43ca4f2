/** The RPC of the unique-ids workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

export const generateRpc = defineRpc({
  type: 'generate',
  about:
    'Asks the node for a new `id`, which must differ from every id that any node has ever returned. It may be of any type: integers (all digits of large ones count), strings, arrays, objects.',
  request: z.object({}),
  response: z.object({ id: anyJson }),
});
