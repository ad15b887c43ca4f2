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

const INDEFINITE: readonly number[] = [ErrorCode.timeout, ErrorCode.crash];
const DEFINITE: ReadonlySet<number> = new Set(
  Object.values(ErrorCode).filter((code) => !INDEFINITE.includes(code)),
);

type WithText = (text: string) => RpcError;

export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    readonly text: string,
  ) {
    super(`error ${code}: ${text}`);
    // A misspelt name is undefined, where no compiler looks.
    if (!Number.isInteger(code))
      throw new TypeError(`An RpcError needs an integer as its code, not ${code}; see ErrorCode`);
  }

  /** Whether the request certainly had no effect. False for unknown codes. */
  get definite(): boolean {
    return DEFINITE.has(this.code);
  }

  declare static readonly timeout: WithText;
  declare static readonly nodeNotFound: WithText;
  declare static readonly notSupported: WithText;
  declare static readonly temporarilyUnavailable: WithText;
  declare static readonly malformedRequest: WithText;
  declare static readonly crash: WithText;
  declare static readonly abort: WithText;
  declare static readonly keyDoesNotExist: WithText;
  declare static readonly keyAlreadyExists: WithText;
  declare static readonly preconditionFailed: WithText;
  declare static readonly txnConflict: WithText;
  declare static readonly notAMember: WithText;
}

// A loop instead of twelve definitions: the SDK stays small.
for (const [name, code] of Object.entries(ErrorCode))
  Object.assign(RpcError, { [name]: (text: string) => new RpcError(code, text) });
