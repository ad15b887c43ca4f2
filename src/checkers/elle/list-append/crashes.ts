/**
 * The crashed transactions of a list-append history that certainly took effect, because a successful transaction read
 * one of their appends. Session order leads from a process's last successful transaction to them:
 *
 *     p0  append x 1  |----| ok    append y 1  |------ info
 *     p1                                              r y -> [1], r x -> []  |----| ok      saw the second, not the first
 */
import { present } from '../../../columns/present.ts';
import { FIRST_ODD_READ, MOP, type ListAppendColumns } from './columns.ts';
import type { Meter } from '../../budget/meter.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/**
 * Returns 1 for each such transaction, indexed by its number. Reads of crashed or failed transactions prove nothing.
 */
export function observedCrashes(columns: ListAppendColumns, meter: Meter): Uint8Array {
  const { log, elementMops, mopVertices } = columns;
  const observed = new Uint8Array(log.count);
  if (!log.outcomes.values.subarray(0, log.count).includes(OUTCOME.info)) return observed;
  const read = successfullyRead(columns, meter);
  for (let element = 0; element < elementMops.length; element++) {
    meter.step(1);
    const mop = elementMops.values[element] ?? -1;
    if (mop < 0 || read[element] !== 1) continue;
    const writer = present(mopVertices.values[mop]);
    if (log.outcomes.values[writer] === OUTCOME.info) observed[writer] = 1;
  }
  return observed;
}

/** Returns 1 for each element that a successful transaction read. */
function successfullyRead(columns: ListAppendColumns, meter: Meter): Uint8Array {
  const { elementMops, keys, log, mopArgs, mopFlags, mopKeys, mopVertices, oddReads } = columns;
  const read = new Uint8Array(elementMops.length);
  // Reads are stored against the list kept while streaming, which can differ from the version order.
  const positions = new Int32Array(elementMops.length);
  for (const key of keys) key.chain.forEach((value, position) => (positions[key.find(value)] = position));
  const furthest = new Int32Array(keys.length).fill(-1);
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & MOP.append) !== 0) continue;
    if (log.outcomes.values[present(mopVertices.values[row])] !== OUTCOME.ok) continue;
    const arg = present(mopArgs.values[row]);
    const key = present(mopKeys.values[row]);
    if (arg >= 0) furthest[key] = Math.max(furthest[key] ?? -1, positions[arg] ?? -1);
    else if (arg <= FIRST_ODD_READ) {
      const odd = oddReads[FIRST_ODD_READ - arg];
      for (const value of odd?.list ?? []) read[odd?.key.find(value) ?? -1] = 1;
    }
  }
  for (const key of keys) {
    for (const value of key.chain.slice(0, (furthest[key.id] ?? -1) + 1)) read[key.find(value)] = 1;
  }
  return read;
}
