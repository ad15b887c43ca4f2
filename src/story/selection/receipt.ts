/** States that a node had received or acknowledged the element that its read lacks: it arrived, and was not kept. */
import { elementsOf, jsonEquals } from '../../protocol/json.ts';
import type { Saying } from '../text/saying.ts';
import { isBefore, type StoryOperation } from '../facts/story-operations.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { brief, duration } from '../text/words.ts';
import { ElementPlaces } from './values/element-places.ts';
import { isKilledSince } from './killed-since.ts';
import type { Selected } from './selected.ts';

/** Returns a complete sentence; undefined if no message of `carriers` surely brought the element, or the node once showed it. */
export function receiptText(selected: Selected, carriers: readonly StoryMessage[]): Saying | undefined {
  const { facts, finding, wrong } = selected;
  const { lacks } = finding;
  const { node } = wrong ?? {};
  if (lacks === undefined || wrong === undefined || node === undefined) return undefined;
  const own = facts.operations.all.filter((operation) => operation.node === node);
  const add = own.find(({ invocation: { f, value } }) => f !== 'read' && jsonEquals(value, lacks));
  const reads = own.filter(({ invocation: { f }, completion }) => f === 'read' && completion?.type === 'ok');
  if (reads.some(({ completion }) => elementsOf(completion?.value)?.some((item) => jsonEquals(item, lacks))))
    return undefined;
  if (add !== undefined) return notKeptText(selected, { node, add, reads });
  const begun = wrong.invocation.time;
  const places = new ElementPlaces(facts);
  for (const message of carriers) {
    const [arrived = Infinity] = message.arrivals;
    if (message.dest !== node || arrived > begun || !places.bring(message, lacks)) continue;
    const after = isKilledSince(selected, node, arrived)
      ? 'but was killed in between'
      : 'which lacks it all the same';
    return (cite) =>
      `${node} received ${brief(lacks)} from ${message.src}${cite(message.id)} ${duration(begun - arrived)} before the read, ${after}.`;
  }
  return undefined;
}

/** A single read says that already. */
const FEWEST_READS = 3;

/** States that the node acknowledged the element itself, and never showed it. */
function notKeptText(
  selected: Selected,
  {
    node,
    add,
    reads,
  }: {
    readonly node: string;
    readonly add: StoryOperation;
    readonly reads: readonly StoryOperation[];
  },
): Saying | undefined {
  const later = reads.filter((read) => isBefore(add, read));
  if (
    add.completion?.type !== 'ok' ||
    later.length < FEWEST_READS ||
    isKilledSince(selected, node, add.invocation.time)
  )
    return undefined;
  return () =>
    `${node} acknowledged ${brief(add.invocation.value)}, and none of its ${later.length} reads since then shows it.`;
}
