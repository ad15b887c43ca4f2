/**
 * Errors in replies: a body of type `error` with a code and a text.
 *
 * Throw one in a handler and it becomes the reply; `rpc` rejects with one when the other side replied with an error. A
 * definite error promises that the request had no effect and never will; after an indefinite one the outcome is
 * unknown. Promise no more than you know: a client that gets "definitely failed" and later reads the value has found a
 * bug.
 */

/** The protocol's error codes. Codes from 1000 on are free for your own (indefinite) errors. */
export const ErrorCode = {
  /** Indefinite: no reply in time. */
  timeout: 0,
  /** Definite: no such node. */
  nodeNotFound: 1,
  /** Definite: this node does not know that type of request. */
  notSupported: 10,
  /** Definite: not now, for example because there is no leader. */
  temporarilyUnavailable: 11,
  /** Definite: the request does not have the expected form. */
  malformedRequest: 12,
  /** Indefinite: something went wrong inside the node. */
  crash: 13,
  /** Definite: aborted on purpose, without effect. */
  abort: 14,
  /** Definite: the key has no value. */
  keyDoesNotExist: 20,
  /** Definite: the key already has a value. */
  keyAlreadyExists: 21,
  /** Definite: an expectation, such as the `from` of a cas, does not hold. */
  preconditionFailed: 22,
  /** Definite: the transaction conflicts with another. */
  txnConflict: 30,
  /** Definite: this node is not, or not yet, a member of the cluster. */
  notAMember: 40,
} as const;

const INDEFINITE: ReadonlySet<number> = new Set([ErrorCode.timeout, ErrorCode.crash]);
const KNOWN: ReadonlySet<number> = new Set(Object.values(ErrorCode));

const withCode =
  (code: number) =>
  (text: string): RpcError =>
    new RpcError(code, text);

export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(`error ${code}: ${text}`);
    // A misspelt name is undefined, where no compiler looks.
    if (!Number.isInteger(code)) {
      const names = Object.keys(ErrorCode).join(', ');
      throw new TypeError(`The code of an RpcError must be an integer, not ${code}. ErrorCode has: ${names}`);
    }
  }

  /** Whether the request certainly had no effect. False for unknown codes. */
  get definite(): boolean {
    return KNOWN.has(this.code) && !INDEFINITE.has(this.code);
  }

  static readonly timeout = withCode(ErrorCode.timeout);
  static readonly nodeNotFound = withCode(ErrorCode.nodeNotFound);
  static readonly notSupported = withCode(ErrorCode.notSupported);
  static readonly temporarilyUnavailable = withCode(ErrorCode.temporarilyUnavailable);
  static readonly malformedRequest = withCode(ErrorCode.malformedRequest);
  static readonly crash = withCode(ErrorCode.crash);
  static readonly abort = withCode(ErrorCode.abort);
  static readonly keyDoesNotExist = withCode(ErrorCode.keyDoesNotExist);
  static readonly keyAlreadyExists = withCode(ErrorCode.keyAlreadyExists);
  static readonly preconditionFailed = withCode(ErrorCode.preconditionFailed);
  static readonly txnConflict = withCode(ErrorCode.txnConflict);
  static readonly notAMember = withCode(ErrorCode.notAMember);
}
