/** The messages of a run that take a time of their own: a scenario, or a run that was made small, says so of each. */
import { MessagePlaces, placeText } from '../../network/rules/message-exceptions.ts';
import type { StoryRun } from '../story-run.ts';

/** Returns their ids. */
export function delayedMessages({ spec, journal }: Pick<StoryRun, 'spec' | 'journal'>): ReadonlySet<number> {
  const exceptions = (spec.course?.messages ?? []).filter((one) => one.do === 'delay');
  const causes = new Set(exceptions.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const places = new Set(exceptions.flatMap((one) => (one.id === undefined ? [placeText(one)] : [])));
  const counted = new MessagePlaces();
  const found = new Set<number>();
  for (let id = 0; exceptions.length > 0 && id < journal.messageCount; id++) {
    const packet = journal.message(id);
    const place = placeText(counted.next(packet));
    if ((packet.cause !== undefined && causes.has(packet.cause.id)) || places.has(place)) found.add(id);
  }
  return found;
}
