/**
 * The protocol's error codes. A definite error means that the operation certainly did not happen; any other, and any
 * code not listed, leaves it unknown.
 */

export interface ErrorCode {
  readonly code: number;
  readonly name: string;
  readonly definite: boolean;
  readonly about: string;
}

export const ERROR_CODES: readonly ErrorCode[] = [
  {
    code: 0,
    name: 'timeout',
    definite: false,
    about: 'The request could not be completed in time; it may still take effect.',
  },
  {
    code: 1,
    name: 'node-not-found',
    definite: true,
    about: 'The message was sent to a node that does not exist.',
  },
  { code: 10, name: 'not-supported', definite: true, about: 'The node does not know this type of request.' },
  {
    code: 11,
    name: 'temporarily-unavailable',
    definite: true,
    about: 'The node cannot serve the request at present, for example for want of a leader or a quorum.',
  },
  {
    code: 12,
    name: 'malformed-request',
    definite: true,
    about: 'The request did not have the form the node expected.',
  },
  {
    code: 13,
    name: 'crash',
    definite: false,
    about: 'Something went wrong inside the node; the request may have taken effect.',
  },
  { code: 14, name: 'abort', definite: true, about: 'The request was abandoned and has had no effect.' },
  { code: 20, name: 'key-does-not-exist', definite: true, about: 'The key has no value.' },
  { code: 21, name: 'key-already-exists', definite: true, about: 'The key has a value already.' },
  {
    code: 22,
    name: 'precondition-failed',
    definite: true,
    about: 'The expectation of the request does not hold, such as the `from` of a cas.',
  },
  {
    code: 30,
    name: 'txn-conflict',
    definite: true,
    about: 'The transaction collided with another and was aborted.',
  },
  {
    code: 40,
    name: 'not-a-member',
    definite: true,
    about: 'The node is not, or not yet, a member of the cluster.',
  },
];

/** Codes from here on are a node's own. */
const FIRST_OWN_CODE = 1000;

/** Whether a code is one of those listed, or a node's own. */
export function isKnownError(code: number): boolean {
  return code >= FIRST_OWN_CODE || errorName(code) !== undefined;
}

const DEFINITE = new Set(ERROR_CODES.filter((error) => error.definite).map((error) => error.code));

/** Whether an error of that code proves that the operation did not happen. */
export function isDefinite(code: number): boolean {
  return DEFINITE.has(code);
}

/** The name of a code, or undefined for one the protocol does not know. */
export function errorName(code: number): string | undefined {
  return ERROR_CODES.find((error) => error.code === code)?.name;
}
