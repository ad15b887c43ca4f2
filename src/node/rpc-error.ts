/**
 * Errors as they travel: a body of type `error` with a code and a text.
 *
 * Throw one in a handler and it becomes the reply; `rpc` rejects with one when the other side replied so. A definite
 * error promises that the request had no effect and never will; after an indefinite one the outcome is unknown. Promise no more
 * than you know: a client that hears "definitely failed" and later reads the value has found a bug.
 */

/** The protocol's error codes. Codes from 1000 on are free for your own (indefinite) errors. */
export const ErrorCode = {
  /** Indefinite: no answer in time. */
  timeout: 0,
  /** Definite: no such node. */
  nodeNotFound: 1,
  /** Definite: this node does not know that type of request. */
  notSupported: 10,
  /** Definite: not now, for example for want of a leader. */
  temporarilyUnavailable: 11,
  /** Definite: the request does not have the form expected. */
  malformedRequest: 12,
  /** Indefinite: something went wrong inside the node. */
  crash: 13,
  /** Definite: given up on purpose, without effect. */
  abort: 14,
  /** Definite: the key has no value. */
  keyDoesNotExist: 20,
  /** Definite: the key has a value already. */
  keyAlreadyExists: 21,
  /** Definite: an expectation, such as the `from` of a cas, does not hold. */
  preconditionFailed: 22,
  /** Definite: the transaction collided with another. */
  txnConflict: 30,
  /** Definite: this node is not, or not yet, a member of the cluster. */
  notAMember: 40,
} as const;

const INDEFINITE: ReadonlySet<number> = new Set([ErrorCode.timeout, ErrorCode.crash]);
const KNOWN: ReadonlySet<number> = new Set(Object.values(ErrorCode));

export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(`error ${code}: ${text}`);
  }

  /** Whether the request certainly had no effect. An unknown code promises nothing. */
  get definite(): boolean {
    return KNOWN.has(this.code) && !INDEFINITE.has(this.code);
  }

  static timeout(text: string): RpcError {
    return new RpcError(ErrorCode.timeout, text);
  }
  static nodeNotFound(text: string): RpcError {
    return new RpcError(ErrorCode.nodeNotFound, text);
  }
  static notSupported(text: string): RpcError {
    return new RpcError(ErrorCode.notSupported, text);
  }
  static temporarilyUnavailable(text: string): RpcError {
    return new RpcError(ErrorCode.temporarilyUnavailable, text);
  }
  static malformedRequest(text: string): RpcError {
    return new RpcError(ErrorCode.malformedRequest, text);
  }
  static crash(text: string): RpcError {
    return new RpcError(ErrorCode.crash, text);
  }
  static abort(text: string): RpcError {
    return new RpcError(ErrorCode.abort, text);
  }
  static keyDoesNotExist(text: string): RpcError {
    return new RpcError(ErrorCode.keyDoesNotExist, text);
  }
  static keyAlreadyExists(text: string): RpcError {
    return new RpcError(ErrorCode.keyAlreadyExists, text);
  }
  static preconditionFailed(text: string): RpcError {
    return new RpcError(ErrorCode.preconditionFailed, text);
  }
  static txnConflict(text: string): RpcError {
    return new RpcError(ErrorCode.txnConflict, text);
  }
  static notAMember(text: string): RpcError {
    return new RpcError(ErrorCode.notAMember, text);
  }
}
