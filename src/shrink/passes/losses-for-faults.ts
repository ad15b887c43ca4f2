/**
 * Replaces all faults by the losses of the few messages that they caused, if the run fails with those alone. A pause, say, may
 * only have delayed a message until a link was down.
 */
import type { MessageException } from '../../network/rules/message-exceptions.ts';
import { isClientName } from '../../network/node-name.ts';
import { placesOf } from '../../scenario/message-places.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import type { LookedAtTrial } from '../trials.ts';
import { isLighter, weightOf } from '../weight.ts';
import { firstOr, type Pass } from './pass.ts';

export const lossesForFaults: Pass = {
  name: 'losing messages instead of having faults',
  async reduce(best, trials) {
    // One fault tells more than the message that it lost.
    if (faultSpans(best).length < 2) return best;
    const looked = await trials.look(best);
    if (looked === undefined) return best;
    const messages = [...best.course.messages, ...lossesIn(looked, best)];
    const candidate = withCourse(withFaultSpans(best, []), { messages });
    return isLighter(weightOf(candidate), weightOf(best)) ? firstOr(best, [candidate], trials) : best;
  },
};

/** Returns the losses of messages between servers that are not exceptions already. */
function lossesIn({ journal }: LookedAtTrial, { course }: Coursed): readonly MessageException[] {
  const ordered = new Set(course.messages.map(({ id }) => id));
  const lost = new Set<number>();
  for (let number = 0; number < journal.eventCount; number++) {
    const event = journal.event(number);
    if (event.kind === 'dropped') lost.add(event.messageId);
  }
  return [...placesOf(journal)].flatMap(({ place, packet: { id, src, dest, cause } }) =>
    !lost.has(id) || cause === undefined || ordered.has(cause.id) || isClientName(src) || isClientName(dest)
      ? []
      : [{ id: cause.id, ...place, do: 'drop' as const }],
  );
}
