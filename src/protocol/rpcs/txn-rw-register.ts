/** The RPC of the txn-rw-register workload: transactions over registers. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

const write = z.tuple([z.literal('w'), anyJson, anyJson]);

export const rwRegisterTxnRpc = defineRpc({
  type: 'txn',
  about:
    'Asks the node to execute one transaction: its micro-operations, in order. `["r", key, null]` reads: the reply has the value of that key in place of null (or null if the key does not exist). `["w", key, value]` writes, creating the key if needed, and is returned unchanged.',
  request: z.object({ txn: z.array(z.union([z.tuple([z.literal('r'), anyJson, z.null()]), write])) }),
  response: z.object({ txn: z.array(z.union([z.tuple([z.literal('r'), anyJson, anyJson]), write])) }),
});
