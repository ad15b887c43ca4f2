/** The RPC of the echo workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

export const echoRpc = defineRpc({
  type: 'echo',
  about: 'Asks the node to return the payload `echo`, which may be any JSON value, unchanged.',
  request: z.object({ echo: anyJson }),
  response: z.object({ echo: anyJson }),
});
