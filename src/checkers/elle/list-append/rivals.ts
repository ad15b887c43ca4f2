/**
 * Appends of several transactions to one key that no read shows. Lists reveal every other order of writes; of these one
 * came first, and inference does not know which. It matters only under snapshots, where the second to commit must see
 * the first:
 *
 *     T1  append x 1, r y -> []          append y 1  |----| T3
 *     T2  append x 2, r z -> []          append z 1  |----| T4       whichever came first, it may contradict what T1 and T2 read
 */
import { present } from '../../../columns/present.ts';
import type { ListAppendColumns } from './columns.ts';
import { observedCrashes } from './crashes.ts';
import type { Meter } from '../../budget/meter.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/** Whether there are such appends. Positions of elements must be final. */
export function hasRivalAppends(columns: ListAppendColumns, meter: Meter): boolean {
  const { log, elementKeys, elementMops, elementPositions, mopVertices } = columns;
  const tookEffect = observedCrashes(columns, meter);
  /** Indexed by key: the first transaction with such an append, or -1. */
  const firstWriters = new Int32Array(columns.keys.length).fill(-1);
  for (let element = 0; element < elementMops.length; element++) {
    meter.step(1);
    const mop = elementMops.values[element] ?? -1;
    if (mop < 0 || (elementPositions.values[element] ?? -1) >= 0) continue;
    const writer = present(mopVertices.values[mop]);
    if (log.outcomes.values[writer] !== OUTCOME.ok && tookEffect[writer] !== 1) continue;
    const key = present(elementKeys.values[element]);
    const first = firstWriters[key] ?? -1;
    if (first >= 0 && first !== writer) return true;
    firstWriters[key] = writer;
  }
  return false;
}
