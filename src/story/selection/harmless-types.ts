/**
 * Types of messages that remove nothing from a node: another element that a client had added there was still there after a
 * message of this type that lacks it, and nothing had brought it again.
 *
 *     add 5 ──> n1      gossip [3] ──> n1      read ──> n1: [3 5], or n1 ── gossip [3 5] ──>      gossip is harmless
 */
import { firstNotBefore } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import { elementsOf } from '../../protocol/json.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { ElementPlaces } from './values/element-places.ts';
import { FollowedValues } from './values/followed-values.ts';
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
  const stays = adds.map((add) => stayOf(selected, add, seen));
  noteLastSigns(stays, seen);
  return new Set(
    stays.flatMap(({ lacking, last }) =>
      lacking.filter(({ at }) => at < last).map(({ id }) => facts.messages.typeOf(id)),
    ),
  );
}

/** An element that a client added to the node, until a message brings it again. */
interface Stay {
  readonly key: ValueKey;
  readonly sinceNanos: number;
  readonly untilNanos: number;
  /** The messages that arrived in between, all without it. */
  readonly lacking: readonly Arrival[];
  /** When the node last showed it in between; -Infinity if never. */
  last: number;
}

function stayOf({ facts: { messages } }: Selected, add: StoryOperation, { incoming }: Seen): Stay {
  const { value, time } = add.invocation;
  const element = new FollowedValues([[value]]);
  const brings = ({ id }: Arrival): boolean =>
    element.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id));
  const first = firstNotBefore(incoming.length, (at) => present(incoming[at]).at <= endOf(add));
  const later = incoming.slice(first);
  const count = later.findIndex(brings);
  const untilNanos = count < 0 ? Infinity : present(later[count]).at;
  const lacking = later.filter(({ at }) => at < untilNanos);
  return { key: valueKey(value), sinceNanos: time, untilNanos, lacking, last: -Infinity };
}

/** Looks at each message and each read once, the last ones first: they may hold thousands of elements. */
function noteLastSigns(stays: readonly Stay[], { outgoing, reads, places }: Seen): void {
  const signs = [
    ...outgoing.map((message) => ({ at: message.sentNanos, keys: () => places.broughtBy(message) })),
    ...reads.map(({ invocation, completion }) => ({
      at: invocation.time,
      keys: () => new Set(elementsOf(completion?.value)?.map(valueKey)),
    })),
  ].toSorted((one, other) => other.at - one.at);
  for (const { at, keys } of signs) {
    const open = stays.filter(
      ({ last, sinceNanos, untilNanos }) => last === -Infinity && at >= sinceNanos && at < untilNanos,
    );
    if (open.length === 0) continue;
    const shown = keys();
    for (const stay of open) if (shown.has(stay.key)) stay.last = at;
  }
}
