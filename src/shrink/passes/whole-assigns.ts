/**
 * Kafka's final operations read the keys whose sends were acknowledged when they began. Once other operations are left
 * out, a different send may be acknowledged, and a correct program would seem to have lost it because no client polls
 * its key:
 *
 *     send to key 7 times out, final assign of [5]     in the original run
 *     send to key 7 is ok, final assign of [5]         after shrinking: never polled
 *
 * So each final `assign` names all keys that any operation sends to.
 */
import type { Json } from '../../protocol/json.ts';
import { withCourse } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

export const wholeAssigns: Pass = {
  name: 'looking for everything in the end',
  async reduce(best, trials) {
    if (!trials.needsFinalOps) return best;
    const { ops, finalOps } = best.course;
    const keys = ops.flatMap(({ value }) => sentKeys(value));
    const whole = finalOps.map((op) =>
      op.f === 'assign' && Array.isArray(op.value)
        ? { ...op, value: [...new Set([...op.value, ...keys])] }
        : op,
    );
    const isSame = JSON.stringify(whole) === JSON.stringify(finalOps);
    return isSame ? best : firstOr(best, [withCourse(best, { finalOps: whole })], trials);
  },
};

/** Returns the keys of the micro-operations `["send", key, message]`. */
const sentKeys = (value: Json): readonly Json[] =>
  (Array.isArray(value) ? value : []).flatMap((mop) =>
    Array.isArray(mop) && mop[0] === 'send' && mop[1] !== undefined ? [mop[1]] : [],
  );
