/** The RPCs of the g-set workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc.ts';

export const addElementRpc = defineRpc({
  type: 'add',
  about: 'Adds one `element`, which may be anything, to the set.',
  request: z.object({ element: anyJson }),
  response: z.object({}),
});

export const readSetRpc = defineRpc({
  type: 'read',
  about:
    'Asks for the elements which this node knows to be in the set: an array in any order, called `value`.',
  request: z.object({}),
  response: z.object({ value: z.array(anyJson) }),
});

export const gSetRpcs = [addElementRpc, readSetRpc];
