/** The RPCs of the g-set workload. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

export const addElementRpc = defineRpc({
  type: 'add',
  about: 'Adds one `element`, which may be any JSON value, to the set.',
  request: z.object({ element: anyJson }),
  response: z.object({}),
});

export const readSetRpc = defineRpc({
  type: 'read',
  about: 'Asks for the elements that this node knows to be in the set: the array `value`, in any order.',
  request: z.object({}),
  response: z.object({ value: z.array(anyJson) }),
});

export const gSetRpcs = [addElementRpc, readSetRpc];
