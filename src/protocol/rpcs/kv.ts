/** The RPCs of a key-value store: of the lin-kv workload, and of the services lin-kv, seq-kv and lww-kv. */
import * as z from 'zod';
import { anyJson, defineRpc } from '../rpc/rpc.ts';

export const kvReadRpc = defineRpc({
  type: 'read',
  about: 'Asks for the current `value` of `key`. Error 20 if the key does not exist.',
  request: z.object({ key: anyJson }),
  response: z.object({ value: anyJson }),
});

export const kvWriteRpc = defineRpc({
  type: 'write',
  about: 'Sets the value of `key` to `value`, and creates the key if needed.',
  request: z.object({ key: anyJson, value: anyJson }),
  response: z.object({}),
});

export const kvCasRpc = defineRpc({
  type: 'cas',
  about:
    'Compare and set: if the value of `key` is `from`, atomically sets it to `to`. Error 20 if the key does not exist, 22 if it has a different value.',
  request: z.object({ key: anyJson, from: anyJson, to: anyJson }),
  response: z.object({}),
});

/** The cas of the services; the workload's own cas has no such field. */
export const kvServiceCasRpc = defineRpc({
  type: 'cas',
  about:
    `${kvCasRpc.about} With \`"create_if_not_exists": true\` a key that does not exist is created with the value ` +
    '`to`. Any value other than false and null counts as true.',
  request: z.object({
    key: anyJson,
    from: anyJson,
    to: anyJson,
    create_if_not_exists: z.boolean().optional(),
  }),
  response: z.object({}),
});

export const linKvRpcs = [kvReadRpc, kvWriteRpc, kvCasRpc];
export const kvServiceRpcs = [kvReadRpc, kvWriteRpc, kvServiceCasRpc];
