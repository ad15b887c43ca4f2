/**
 * Kafka's final operations look for what was confirmed when they began. Once other operations have been left out, something else may be
 * confirmed, and a right program would seem to have lost it, because no client looked for it:
 *
 *     send to key 7 times out, final assign of [5]     in the run that was found
 *     send to key 7 is confirmed, final assign of [5]  once it is smaller: unseen
 *
 * So each final `assign` names all keys that anything is sent to.
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

/** Of micro-operations `["send", key, message]`. */
const sentKeys = (value: Json): readonly Json[] =>
  (Array.isArray(value) ? value : []).flatMap((mop) =>
    Array.isArray(mop) && mop[0] === 'send' && mop[1] !== undefined ? [mop[1]] : [],
  );
