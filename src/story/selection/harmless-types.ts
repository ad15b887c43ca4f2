/**
 * Types of messages that remove nothing from a node: another element that a client had added there was still there after a
 * message of this type that lacks it, and nothing had brought it again.
 *
 *     add 5 ──> n1      gossip [3] ──> n1      read ──> n1: [3 5], or n1 ── gossip [3 5] ──>      gossip is harmless
 */
import { elementsOf, jsonEquals, type Json } from '../../protocol/json.ts';
import { endOf, type StoryOperation } from '../story-operations.ts';
import type { StoryMessage } from '../story-messages.ts';
import { ElementPlaces } from './element-places.ts';
import { FollowedValues } from './followed-values.ts';
import type { Selected } from './selected.ts';

/** Maximum number of elements of the node that are looked at, the first ones. */
const MOST_ELEMENTS = 50;

/** What a node received, sent and showed. */
interface Seen {
  readonly incoming: readonly StoryMessage[];
  readonly outgoing: readonly StoryMessage[];
  readonly reads: readonly StoryOperation[];
  readonly places: ElementPlaces;
}

export function harmlessTypes(selected: Selected, node: string): ReadonlySet<string> {
  const { facts } = selected;
  const own = facts.operations.all.filter(
    (operation) => operation.node === node && operation.completion?.type === 'ok',
  );
  const between = facts.messages.all.filter((message) => selected.isBetweenNodes(message));
  const seen = {
    incoming: between.filter(({ dest }) => dest === node),
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
  const element = new FollowedValues([[value]]);
  const arrivals = seen.incoming.flatMap(({ id, arrivals: [at = Infinity] }) =>
    at > endOf(add)
      ? [{ id, at, brings: element.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id)) }]
      : [],
  );
  const again = Math.min(...arrivals.flatMap(({ at, brings }) => (brings ? [at] : [])));
  const signs = signsOf(value, seen).filter((time) => time < again);
  const last = Math.max(...signs);
  return arrivals.flatMap(({ id, at, brings }) => (!brings && at < last ? [messages.typeOf(id)] : []));
}

/** Returns when the node showed the element. */
const signsOf = (value: Json, { outgoing, reads, places }: Seen): readonly number[] => [
  ...outgoing.flatMap((message) => (places.bring(message, value) ? [message.sentNanos] : [])),
  ...reads.flatMap(({ invocation, completion }) =>
    elementsOf(completion?.value)?.some((item) => jsonEquals(item, value)) === true ? [invocation.time] : [],
  ),
];
