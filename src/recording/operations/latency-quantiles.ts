/** Latencies of successful operations over a whole run. */
import type { RunOperations } from './operation-columns.ts';
import { OUTCOMES } from './outcome.ts';

const OK = OUTCOMES.indexOf('ok');

/** Returns them in nanoseconds, sorted ascending. */
export function completedLatencies({ columns, count }: RunOperations): Float64Array {
  const { invoked, completed, outcome } = columns;
  const latencies = new Float64Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    if (outcome.at(row) === OK) latencies[found++] = completed.at(row) - invoked.at(row);
  }
  return latencies.subarray(0, found).sort();
}

/** Returns the smallest value that at least that share of the values do not exceed; 0 if there are none. */
export const quantileOf = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
