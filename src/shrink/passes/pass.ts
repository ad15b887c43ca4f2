/** One way of shrinking a run. */
import type { Coursed } from '../course-edits.ts';
import type { Trials } from '../trials.ts';

export interface Pass {
  /** What it does, shown as progress. */
  readonly name: string;
  /** Returns a spec that fails in the same way and is not larger; the same object if it found none. */
  reduce(best: Coursed, trials: Trials): Promise<Coursed>;
}

/** Returns the first candidate that fails in the same way, or `best` if none does. */
export async function firstOr(
  best: Coursed,
  candidates: readonly Coursed[],
  trials: Trials,
): Promise<Coursed> {
  const found = await trials.firstOf(candidates);
  return found === undefined ? best : (candidates[found] ?? best);
}
