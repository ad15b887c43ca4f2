/** The RPC of the timestamp service, lin-tso. */
import * as z from 'zod';
import { defineRpc, integer } from '../rpc/rpc.ts';

export const tsRpc = defineRpc({
  type: 'ts',
  about:
    'Asks for a timestamp: an integer greater than every timestamp returned before this request was sent.',
  request: z.object({}),
  response: z.object({ ts: integer }),
});
