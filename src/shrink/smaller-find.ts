/** Searches fresh seeds for the same failure with fewer operations, to get below what leaving out can reach. */
import type { TestSpec } from '../run/test-spec.ts';
import { withCourseOf } from '../scenario/course-of-run.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { allOps, faultSpans, momentsOf, type Coursed } from './course-edits.ts';
import { isLighter, weightOf } from './weight.ts';
import type { Trials } from './trials.ts';

/** With at most this many operations, a run is already short enough to read. */
const SMALL_ENOUGH = 10;
const SEEDS = 200;

export async function smallerFind(
  best: Coursed,
  trials: Trials,
  reduce: (found: Coursed) => Promise<Coursed>,
): Promise<Coursed> {
  if (allOps(best).length <= SMALL_ENOUGH || trials.isOver) return best;
  const seeds = Array.from({ length: SEEDS }, (_, number) => likeIt(best, `${best.seed}/smaller/${number}`));
  trials.startAgain();
  const found = await trials.firstOf(seeds);
  const spec = found === undefined ? undefined : seeds[found];
  if (spec === undefined) return best;
  const looked = await trials.look(spec);
  if (looked === undefined) return best;
  const smaller = await reduce(withCourseOf(spec, looked.history) as Coursed); // withCourseOf sets the course
  return isLighter(weightOf(smaller), weightOf(best)) ? smaller : best;
}

/** Returns a seeded test with as many nodes and clients, the same kinds of faults and one operation less. */
function likeIt(spec: Coursed, seed: string): TestSpec {
  const { course, faultScript: _, ...others } = spec;
  const seconds = Math.max(0.1, ((momentsOf(spec).at(-1) ?? 0) / NANOS_PER_SECOND) * 1.2);
  const faults = faultSpans(spec).length;
  return {
    ...others,
    seed,
    rate: Math.max(1, course.ops.length - 1) / seconds,
    timeLimitSeconds: seconds,
    nemesisIntervalSeconds: faults === 0 ? others.nemesisIntervalSeconds : seconds / (2 * faults + 1),
  };
}
