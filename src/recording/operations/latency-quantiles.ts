/** How long operations took that succeeded, over a whole run. */
import type { RunOperations } from './operation-columns.ts';
import { OUTCOMES } from './outcome.ts';

const OK = OUTCOMES.indexOf('ok');

/** In nanoseconds, sorted. */
export function completedLatencies({ columns, count }: RunOperations): Float64Array {
  const { invoked, completed, outcome } = columns;
  const latencies = new Float64Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    if (outcome.at(row) === OK) latencies[found++] = completed.at(row) - invoked.at(row);
  }
  return latencies.subarray(0, found).sort();
}

/** The smallest that at least that share of them do not exceed; 0 of none. */
export const quantileOf = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
