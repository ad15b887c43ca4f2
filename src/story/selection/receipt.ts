/** States that a node had received the element that its read lacks: it arrived, and was not kept. */
import { elementsOf, jsonEquals } from '../../protocol/json.ts';
import type { StoryMessage } from '../story-messages.ts';
import { brief, duration } from '../words.ts';
import { ElementPlaces } from './element-places.ts';
import type { Selected } from './selected.ts';

/** Returns a complete sentence; undefined if no message of `carriers` surely brought the element, or the node once showed it. */
export function receiptText(selected: Selected, carriers: readonly StoryMessage[]): string | undefined {
  const { facts, finding, wrong } = selected;
  const { lacks } = finding;
  const { node } = wrong ?? {};
  if (lacks === undefined || wrong === undefined || node === undefined) return undefined;
  const own = facts.operations.all.filter((operation) => operation.node === node);
  const hadIt = own.some(({ invocation, completion }) =>
    invocation.f === 'read'
      ? elementsOf(completion?.value)?.some((item) => jsonEquals(item, lacks))
      : jsonEquals(invocation.value, lacks),
  );
  if (hadIt) return undefined;
  const begun = wrong.invocation.time;
  const places = new ElementPlaces(facts);
  for (const message of carriers) {
    const [arrived = Infinity] = message.arrivals;
    if (message.dest !== node || arrived > begun || !places.bring(message, lacks)) continue;
    return `${node} received ${brief(lacks)} from ${message.src} ${duration(begun - arrived)} before the read, which lacks it all the same.`;
  }
  return undefined;
}
