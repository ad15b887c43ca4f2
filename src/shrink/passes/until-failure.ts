/**
 * Leaves out what began after the run had failed, and ends it there: that cannot have caused the failure. A run that was
 * to end earlier lasts until then: otherwise a request that gets no answer would be needed only because the run waits
 * for it.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

export const untilFailure: Pass = {
  name: 'leaving out what came after the failure',
  async reduce(best, trials) {
    if (trials.isOver) return best;
    const { failedNanos } = await trials.run(best);
    if (failedNanos === undefined) return best;
    const timeLimitSeconds = (failedNanos + NANOS_PER_MS) / NANOS_PER_SECOND;
    if (timeLimitSeconds === best.timeLimitSeconds) return best;
    if (timeLimitSeconds < best.timeLimitSeconds)
      return firstOr(best, [{ ...without(best, failedNanos), timeLimitSeconds }], trials);
    // Final operations come after the time limit, and may show the failure.
    return best.course.finalOps.length > 0 ? best : firstOr(best, [{ ...best, timeLimitSeconds }], trials);
  },
};

function without(spec: Coursed, nanos: number): Coursed {
  const { ops, faults } = spec.course;
  const shorter = withCourse(spec, { ops: ops.filter(({ atNanos }) => atNanos <= nanos), finalOps: [] });
  if (faults === undefined) return shorter;
  const spans = faultSpans(shorter).filter(({ begin }) => begin.atNanos <= nanos);
  return withFaultSpans(
    shorter,
    // One that would have ended later lasts until the healing.
    spans.map(({ begin, end }) => ({
      begin,
      end: end !== undefined && end.atNanos > nanos ? undefined : end,
    })),
  );
}
