/** The RPCs of the kafka workload: append-only logs by key, in which each message has an integer offset. */
import * as z from 'zod';
import { anyJson, defineRpc, integer } from '../rpc/rpc.ts';

const offsets = z.record(z.string(), integer);
const offsetAndMessage = z.tuple([integer, anyJson]).describe('a pair [offset, message]');

export const sendRpc = defineRpc({
  type: 'send',
  about:
    'Appends the message `msg` to the log `key`. The node chooses an `offset` for it that is unique within that log, and returns it in the reply. Offsets may have gaps.',
  request: z.object({ key: z.string(), msg: anyJson }),
  response: z.object({ offset: integer }),
});

export const pollRpc = defineRpc({
  type: 'poll',
  about:
    'Asks for messages. `offsets` gives the first offset to return for each log. The reply gives for each log an array of `[offset, message]` pairs, starting at that offset if it exists. It must not skip any messages; the node chooses how many to return. A log without messages may be omitted from the reply.',
  request: z.object({ offsets }),
  response: z.object({ msgs: z.record(z.string(), z.array(offsetAndMessage)) }),
});

export const commitOffsetsRpc = defineRpc({
  type: 'commit_offsets',
  about:
    'Tells the node that the client has processed all messages up to and including these offsets. A client that starts to read such a log begins after the committed offset.',
  request: z.object({ offsets }),
  response: z.object({}),
});

export const listCommittedOffsetsRpc = defineRpc({
  type: 'list_committed_offsets',
  about:
    'Asks for the newest committed offsets of the logs `keys`. Logs without one may be omitted from the reply, or have -1.',
  request: z.object({ keys: z.array(z.string()) }),
  response: z.object({ offsets }),
});

export const kafkaRpcs = [sendRpc, pollRpc, commitOffsetsRpc, listCommittedOffsetsRpc];
