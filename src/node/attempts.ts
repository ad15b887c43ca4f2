/** Trying again what did not succeed: when it makes sense, and after how long. */
import { ErrorCode, RpcError } from './rpc-error.ts';

/** How long to wait before trying again, after the first failure and at most. */
export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Twice as long each time, less up to a half by chance, for others try again as well. `chance` is in [0, 1). */
export const backOffMs = (failures: number, { firstMs, mostMs }: BackOff, chance: number): number =>
  Math.min(mostMs, firstMs * 2 ** failures) * (1 - chance / 2);

/** Whether a request may succeed when it is made again: no answer came, or the other side cannot serve it now. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RpcError &&
  (error.code === ErrorCode.timeout || error.code === ErrorCode.temporarilyUnavailable);
