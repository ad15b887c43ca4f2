/** The RPC of the txn-list-append workload: transactions over lists. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

const append = z.tuple([z.literal('append'), anyJson, anyJson]);

export const listAppendTxnRpc = defineRpc({
  type: 'txn',
  about:
    'Asks the node to execute one transaction: its micro-operations, in order. `["r", key, null]` reads: the reply has the list of that key in place of null (or null if the key does not exist). `["append", key, element]` adds an element to the end of the list, creating the list if needed, and is returned unchanged.',
  request: z.object({ txn: z.array(z.union([z.tuple([z.literal('r'), anyJson, z.null()]), append])) }),
  response: z.object({
    txn: z.array(z.union([z.tuple([z.literal('r'), anyJson, z.array(anyJson).nullable()]), append])),
  }),
});
