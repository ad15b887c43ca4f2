/**
 * The protocol's error codes. A definite error means that the operation certainly did not happen; any other, and any
 * code not listed, leaves it unknown.
 */

export interface ErrorCode {
  readonly code: number;
  readonly name: string;
  readonly definite: boolean;
  readonly about: string;
  /** When it is sent, and by what, in Markdown. */
  readonly when: string;
}

export const ERROR_CODES: readonly ErrorCode[] = [
  {
    code: 0,
    name: 'timeout',
    definite: false,
    about: 'The request could not be completed in time; it may still take effect.',
    when: 'By a node that waited for others and gave up. The SDK rejects a request with it if no reply came in time; the operation of the client is then in doubt.',
  },
  {
    code: 1,
    name: 'node-not-found',
    definite: true,
    about: 'The message was sent to a node that does not exist.',
    when: 'Not sent by any part of Maelstrom; a node that forwards requests may send it.',
  },
  {
    code: 10,
    name: 'not-supported',
    definite: true,
    about: 'The node does not know this type of request.',
    when: 'By the services and by nodes that use the SDK, for a request without a handler.',
  },
  {
    code: 11,
    name: 'temporarily-unavailable',
    definite: true,
    about: 'The node cannot serve the request at present, for example because it lacks a leader or a quorum.',
    when: 'By a node that has no leader or no majority, before it has changed anything; by a service whose memory is full.',
  },
  {
    code: 12,
    name: 'malformed-request',
    definite: true,
    about: 'The request did not have the form that the node expects.',
    when: 'By the services, for a request with a field of the wrong type.',
  },
  {
    code: 13,
    name: 'crash',
    definite: false,
    about: 'Something went wrong inside the node; the request may have taken effect.',
    when: 'By nodes that use the SDK, when a handler throws something that is not a protocol error.',
  },
  {
    code: 14,
    name: 'abort',
    definite: true,
    about: 'The request was abandoned and had no effect.',
    when: 'By a node that gave up before it changed anything.',
  },
  {
    code: 20,
    name: 'key-does-not-exist',
    definite: true,
    about: 'The key has no value.',
    when: 'By `lin-kv`, `seq-kv` and `lww-kv`, in answer to `read`, and to `cas` without `create_if_not_exists`. In the workload `lin-kv` the operation counts as failed.',
  },
  {
    code: 21,
    name: 'key-already-exists',
    definite: true,
    about: 'The key already has a value.',
    when: 'Not sent by any part of Maelstrom; for nodes with requests that create a key.',
  },
  {
    code: 22,
    name: 'precondition-failed',
    definite: true,
    about: 'A precondition of the request does not hold, such as the `from` of a cas.',
    when: 'By the services, in answer to a `cas` whose `from` is not the value of the key.',
  },
  {
    code: 30,
    name: 'txn-conflict',
    definite: true,
    about: 'The transaction collided with another and was aborted.',
    when: 'By a node with transactions, when one must yield to another. The transaction counts as failed.',
  },
  {
    code: 40,
    name: 'not-a-member',
    definite: true,
    about: 'The node is not, or not yet, a member of the cluster.',
    when: 'By a node that receives a request before it was added or after it was removed, with the fault `membership`.',
  },
];

/** Codes from here on are free for nodes. */
const FIRST_OWN_CODE = 1000;

/** Whether a code is listed, or is one of a node's own. */
export function isKnownError(code: number): boolean {
  return code >= FIRST_OWN_CODE || errorName(code) !== undefined;
}

const DEFINITE = new Set(ERROR_CODES.filter((error) => error.definite).map((error) => error.code));

/** Whether an error of that code proves that the operation did not happen. */
export function isDefinite(code: number): boolean {
  return DEFINITE.has(code);
}

/** Returns the name of a code, or undefined if the protocol does not define it. */
export function errorName(code: number): string | undefined {
  return ERROR_CODES.find((error) => error.code === code)?.name;
}
