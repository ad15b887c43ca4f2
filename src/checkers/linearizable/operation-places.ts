/** Where in the history the operations of an object begin and end; a register's initial value counts as written before all of it. */
import { present } from '../../columns/present.ts';
import type { ObjectEvents } from './object-events.ts';

/** The place of what does not happen: after every other. */
export const NEVER = 0x7fffffff;

/** Indexed by operation: places in the history, from 0. The write of the initial value, `initial`, has place -1. */
export interface OperationPlaces {
  readonly initial: number;
  readonly invokedAt: Int32Array;
  readonly returnsAt: Int32Array;
}

export function placesOf({ operationCount, eventCount, events }: ObjectEvents): OperationPlaces {
  const invokedAt = new Int32Array(operationCount + 1).fill(NEVER);
  const returnsAt = new Int32Array(operationCount + 1).fill(NEVER);
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    ((event & 1) === 0 ? invokedAt : returnsAt)[event >> 1] = at;
  }
  invokedAt[operationCount] = -1;
  returnsAt[operationCount] = -1;
  return { initial: operationCount, invokedAt, returnsAt };
}
