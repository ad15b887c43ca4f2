/** Retrying failed requests: when it makes sense, and after which delay. */
import { ErrorCode, RpcError } from './rpc-error.ts';

/** Delays before a retry: after the first failure, and the maximum. */
export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Doubles with each failure, and is reduced by up to a half at random, because others retry as well. `chance` is in [0,
 * 1).
 */
export const backOffMs = (failures: number, { firstMs, mostMs }: BackOff, chance: number): number =>
  Math.min(mostMs, firstMs * 2 ** failures) * (1 - chance / 2);

/** Whether the same request may succeed later: there was no reply, or the other side is temporarily unavailable. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RpcError &&
  (error.code === ErrorCode.timeout || error.code === ErrorCode.temporarilyUnavailable);
