/** One way of making a run smaller. */
import type { Coursed } from '../course-edits.ts';
import type { Trials } from '../trials.ts';

export interface Pass {
  /** What it does, for those who wait. */
  readonly name: string;
  /** A spec that fails alike and is not larger; the same object when it found none. */
  reduce(best: Coursed, trials: Trials): Promise<Coursed>;
}

/** The first of these that fails alike; `best` when none does. */
export async function firstOr(
  best: Coursed,
  candidates: readonly Coursed[],
  trials: Trials,
): Promise<Coursed> {
  const found = await trials.firstOf(candidates);
  return found === undefined ? best : (candidates[found] ?? best);
}
