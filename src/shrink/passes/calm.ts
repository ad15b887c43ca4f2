/**
 * Replaces randomness by a calm network: every message takes the mean latency and none is lost, duplicated or delayed,
 * except those that the failure needs. Faults that draw for each message, and those that lose or delay messages link by
 * link, become exceptions for single messages.
 */
import { addTo } from '../../columns/groups.ts';
import type { MessageException, MessageFate } from '../../network/rules/message-exceptions.ts';
import { isClientName } from '../../network/node-name.ts';
import { faultOf } from '../../nemesis/fault-operations.ts';
import { placesOf } from '../../scenario/message-places.ts';
import { NANOS_PER_MS } from '../../world/clock.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import type { LookedAtTrial } from '../trials.ts';
import { firstOr, type Pass } from './pass.ts';
import { fewerExceptions } from './fewer-things.ts';
import { isLighter, weightOf } from '../weight.ts';

/** The faults that lose or delay messages link by link; their effect can be stated for each message. */
const LINK_FAULTS: readonly string[] = ['flap', 'slow'];

/** The faults that draw at random for each message; a calm network has none of them. */
export const DRAWING_FAULTS = ['loss', 'duplicate', 'reorder'] as const;

export const calmer: Pass = {
  name: 'calming messages',
  async reduce(best, trials) {
    if (best.course.chance === 'calm') return best;
    const calm = without(DRAWING_FAULTS, withCourse(best, { chance: 'calm' }));
    const quiet = await firstOr(best, [calm], trials);
    if (quiet !== best) return quiet;
    const looked = await trials.look(best);
    if (looked === undefined) return best;
    const fates = fatesOf(looked, best.latency.meanMs);
    const bare = without([...DRAWING_FAULTS, ...LINK_FAULTS], calm);
    if (faultSpans(bare).length < faultSpans(calm).length) {
      const said = withCourse(bare, { messages: [...best.course.messages, ...fates] });
      if (await trials.fails(said)) {
        const fewer = await fewerExceptions.reduce(said, trials);
        if (isLighter(weightOf(fewer), weightOf(best))) return fewer;
      }
    }
    const asItWas = withCourse(calm, { messages: [...best.course.messages, ...fates] });
    const ordered = await firstOr(best, [asItWas], trials);
    return ordered === best ? best : fewerExceptions.reduce(ordered, trials);
  },
};

function without(names: readonly string[], spec: Coursed): Coursed {
  const { steady: _, ...others } = spec;
  if (others.course.faults === undefined) return others;
  const spans = faultSpans(others).filter(({ begin }) => !names.includes(faultOf(begin.f)));
  return withFaultSpans(others, spans);
}

/** Returns the fate of each message between servers as exceptions. */
function fatesOf({ journal }: LookedAtTrial, usualMs: number): readonly MessageException[] {
  const fates = new Map<number, MessageFate[]>();
  const sentNanos = new Map<number, number>();
  const arrived = new Set<number>();
  const note = (id: number, fate: MessageFate): void => addTo(fates, id, fate);
  for (let number = 0; number < journal.eventCount; number++) {
    const event = journal.event(number);
    const { messageId, timeNanos } = event;
    const ms = (timeNanos - (sentNanos.get(messageId) ?? timeNanos)) / NANOS_PER_MS;
    switch (event.kind) {
      case 'sent':
        sentNanos.set(messageId, timeNanos);
        break;
      case 'dropped':
        if (event.reason === 'loss' || event.reason === 'flap') note(messageId, { do: 'drop' });
        break;
      case 'duplicated':
        break;
      case 'received':
        // The first arrival counts as the message itself, later ones as duplicates.
        if (arrived.has(messageId)) note(messageId, { do: 'duplicate', ms });
        else if (ms !== usualMs) note(messageId, { do: 'delay', ms });
        arrived.add(messageId);
        break;
    }
  }
  return [...placesOf(journal)].flatMap(({ place, packet }) => {
    const { cause } = packet;
    // Messages to and from clients have no latency.
    if (cause === undefined || isClientName(packet.src) || isClientName(packet.dest)) return [];
    return (fates.get(packet.id) ?? []).map((fate) => ({ id: cause.id, ...place, ...fate }));
  });
}
