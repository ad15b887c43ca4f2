/**
 * Sets the time of each operation to when it actually began. An operation that waited for its busy client would begin
 * sooner once the operation before it is left out, and meet other messages, so operations that only take up time could
 * not be left out.
 */
import { addTo } from '../../columns/groups.ts';
import { NANOS_PER_MS } from '../../world/clock.ts';
import { withCourse } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

export const actualTimes: Pass = {
  name: 'writing down when operations began',
  async reduce(best, trials) {
    const looked = await trials.look(best);
    if (looked === undefined) return best;
    const begun = new Map<number, number[]>();
    for (const { type, process, time } of looked.history) {
      if (type !== 'invoke' || process === 'nemesis') continue;
      // A thread's processes differ by multiples of the concurrency.
      addTo(begun, process % best.concurrency, time);
    }
    const ops = best.course.ops.map((op) => ({
      ...op,
      atNanos: begun.get(Number(op.thread))?.shift() ?? op.atNanos,
    }));
    // One that waits for an answer begins a little later each time.
    const isSame = ops.every(
      ({ atNanos }, at) => Math.abs(atNanos - (best.course.ops[at]?.atNanos ?? 0)) < NANOS_PER_MS,
    );
    return isSame ? best : firstOr(best, [withCourse(best, { ops })], trials);
  },
};
