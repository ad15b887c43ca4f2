/** The RPC of the echo workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc.ts';

export const echoRpc = defineRpc({
  type: 'echo',
  about: 'Asks the node to send the payload `echo`, which may be anything, back as it came.',
  request: z.object({ echo: anyJson }),
  response: z.object({ echo: anyJson }),
});
