/** The RPCs of the g-counter and pn-counter workloads, which differ only in whether `delta` may be negative. */
import * as z from 'zod';
import { defineRpc, integer } from '../rpc/rpc.ts';

export const incrementRpc = defineRpc({
  type: 'add',
  about: 'Adds the non-negative integer `delta` to the counter.',
  request: z.object({ delta: integer }),
  response: z.object({}),
});

export const addDeltaRpc = defineRpc({
  type: 'add',
  about: 'Adds the integer `delta`, which may be negative, to the counter.',
  request: z.object({ delta: integer }),
  response: z.object({}),
});

export const readCounterRpc = defineRpc({
  type: 'read',
  about: 'Asks for the `value` of the counter: the sum of all deltas known to this node.',
  request: z.object({}),
  response: z.object({ value: integer }),
});

export const gCounterRpcs = [incrementRpc, readCounterRpc];
export const pnCounterRpcs = [addDeltaRpc, readCounterRpc];
