/**
 * Types of messages that remove nothing from a node: another element that a client had added there was still there after a
 * message of this type that lacks it, and nothing had brought it again.
 *
 *     add 5 ──> n1      gossip [3] ──> n1      read ──> n1: [3 5], or n1 ── gossip [3 5] ──>      gossip is harmless
 */
import { firstNotBefore } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import { elementsOf, jsonEquals } from '../../protocol/json.ts';
import { endOf, type StoryOperation } from '../story-operations.ts';
import type { StoryMessage } from '../story-messages.ts';
import { ElementPlaces } from './element-places.ts';
import { FollowedValues } from './followed-values.ts';
import type { Selected } from './selected.ts';

/** Maximum number of elements of the node that are looked at, the first ones. */
const MOST_ELEMENTS = 50;

/** What a node received, sent and showed. */
interface Seen {
  /** In order of arrival. */
  readonly incoming: readonly Arrival[];
  readonly outgoing: readonly StoryMessage[];
  readonly reads: readonly StoryOperation[];
  readonly places: ElementPlaces;
}

interface Arrival {
  readonly id: number;
  readonly at: number;
}

export function harmlessTypes(selected: Selected, node: string): ReadonlySet<string> {
  const { facts } = selected;
  const own = facts.operations.all.filter(
    (operation) => operation.node === node && operation.completion?.type === 'ok',
  );
  const between = facts.messages.all.filter((message) => selected.isBetweenNodes(message));
  const seen = {
    incoming: between
      .flatMap(({ id, dest, arrivals: [at] }) => (dest === node && at !== undefined ? [{ id, at }] : []))
      .toSorted((one, other) => one.at - other.at),
    outgoing: between.filter(({ src }) => src === node),
    reads: own.filter(({ invocation: { f } }) => f === 'read'),
    places: new ElementPlaces(facts),
  };
  const adds = own.filter(({ invocation: { f } }) => f !== 'read').slice(0, MOST_ELEMENTS);
  return new Set(adds.flatMap((add) => survivedTypes(selected, add, seen)));
}

/** Returns the types of the messages between the addition and the last sign of the element, until it was brought again. */
function survivedTypes(
  { facts: { messages } }: Selected,
  add: StoryOperation,
  seen: Seen,
): readonly string[] {
  const { value } = add.invocation;
  const { incoming } = seen;
  const element = new FollowedValues([[value]]);
  const brings = ({ id }: Arrival): boolean =>
    element.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id));
  const first = firstNotBefore(incoming.length, (at) => present(incoming[at]).at <= endOf(add));
  const later = incoming.slice(first);
  const count = later.findIndex(brings);
  const again = count < 0 ? Infinity : present(later[count]).at;
  const last = lastSign(add, seen, again);
  return later.filter(({ at }) => at < Math.min(again, last)).map(({ id }) => messages.typeOf(id));
}

/** Returns when the node last showed the element after its addition and before that time; -Infinity if never. */
function lastSign(
  { invocation: { value, time } }: StoryOperation,
  { outgoing, reads, places }: Seen,
  untilNanos: number,
): number {
  const sent = outgoing
    .slice(firstNotBefore(outgoing.length, (at) => present(outgoing[at]).sentNanos < time))
    .findLast((message) => message.sentNanos < untilNanos && places.bring(message, value));
  const shown = reads
    .slice(firstNotBefore(reads.length, (at) => present(reads[at]).invocation.time < time))
    .findLast(
      ({ invocation, completion }) =>
        invocation.time < untilNanos &&
        elementsOf(completion?.value)?.some((item) => jsonEquals(item, value)) === true,
    );
  return Math.max(sent?.sentNanos ?? -Infinity, shown?.invocation.time ?? -Infinity);
}
