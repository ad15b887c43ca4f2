/**
 * Selects what a node received around the time at which it lost a value: between the last sign that it had the value and the first
 * that it had not, or, if it received the value and never showed it, directly before that.
 */
import { elementsOf, entriesOf, type Json } from '../../protocol/json.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { endOf, type StoryOperation } from '../facts/story-operations.ts';
import { ElementPlaces } from './values/element-places.ts';
import { FollowedValues } from './values/followed-values.ts';
import { isKilledSince } from './killed-since.ts';
import type { Selected } from './selected.ts';
import { harmlessTypes } from './harmless-types.ts';
import { DECISIVE, HELPFUL } from './selection.ts';

/** Maximum number of messages selected for each reason. */
const MOST_AROUND = 3;
/** Nodes rarely wait longer for a reply. */
const LONGEST_OPEN_NANOS = 2e9;
/** Maximum number of operations that added what a node received in place of the value. */
const MOST_IN_PLACE = 2;

interface Carried {
  /** Messages between nodes that carry the value. */
  readonly carriers: readonly StoryMessage[];
  /** When a message first brought it to the node. */
  readonly gotNanos: number | undefined;
}

/** What is known about a node that had the value and lost it. */
interface Forgetful {
  readonly node: string;
  /** Messages by which it showed that it had the value. */
  readonly signs: readonly StoryMessage[];
  /** What arrived there without the value. */
  readonly incoming: readonly StoryMessage[];
  /** When it got the value. */
  readonly knownNanos: number;
}

export function takeForgetting(selected: Selected, node: string, { carriers, gotNanos }: Carried): void {
  const { messages } = selected.facts;
  const own = [...selected.named].find(
    ({ node: at, invocation: { f }, completion }) => at === node && f !== 'read' && completion?.type === 'ok',
  );
  const knownNanos = gotNanos ?? (own === undefined ? undefined : endOf(own));
  if (selected.wrong === undefined || knownNanos === undefined) return;
  const signs = carriers.filter(({ src, sentNanos }) => src === node && sentNanos >= knownNanos);
  const had = own !== undefined || signs.length > 0 || readsShowing(selected, node).length > 0;
  const incoming = messages.all.filter(
    (message) =>
      message.dest === node &&
      message.arrivals.length > 0 &&
      !selected.carries(message) &&
      !selected.isOfTheRun(message) &&
      messages.requestOf(message.id) === undefined &&
      !(messages.isWithClient(message) && messages.typeOf(message.id) === 'read'),
  );
  const harmless = harmlessTypes(selected, node);
  const mayHaveRemoved = incoming.filter((message) => !harmless.has(messages.typeOf(message.id)));
  const within = had
    ? betweenHavingAndLacking(selected, { node, signs, incoming: mayHaveRemoved, knownNanos })
    : incoming.filter(({ arrivals: [at = 0] }) => at < knownNanos);
  for (const message of within.slice(-MOST_AROUND)) selected.takeWithOperation(message);
  if (!had) return;
  takeOpenRequests(selected, node, knownNanos);
  if (!isKilledSince(selected, node, knownNanos)) takeInPlace(selected, within.at(-1));
}

/** Returns the earlier reads of the finding that saw the value at the node. */
const readsShowing = ({ named, wrong }: Selected, node: string): readonly StoryOperation[] =>
  [...named].filter((one) => one.node === node && one !== wrong && one.invocation.f === 'read');

function betweenHavingAndLacking(selected: Selected, forgetful: Forgetful): readonly StoryMessage[] {
  const { signs, incoming, knownNanos } = forgetful;
  const shown = readsShowing(selected, forgetful.node).map(({ invocation }) => invocation.time);
  const sinceNanos = Math.max(signs.at(-1)?.sentNanos ?? knownNanos, ...shown);
  // Then the kill explains it.
  if (isKilledSince(selected, forgetful.node, sinceNanos)) return [];
  const arrivedBy = (untilNanos: number): readonly StoryMessage[] =>
    incoming.filter(({ arrivals: [at = 0] }) => at > sinceNanos && at <= untilNanos);
  const lacking = signs.length === 0 ? firstListWithout(selected, forgetful) : undefined;
  const before = lacking === undefined ? [] : arrivedBy(lacking.sentNanos);
  if (lacking !== undefined && before.length === 0 && hasEarlierElement(selected, forgetful.node, lacking)) {
    // Nothing that came later explains it: the node never stored the value.
    selected.take(lacking.id, DECISIVE);
    return [];
  }
  if (lacking === undefined || before.length === 0)
    return arrivedBy(firstLackNanos(selected, forgetful, sinceNanos));
  selected.take(lacking.id, DECISIVE);
  return before;
}

/** Returns what a node that never sent the value sent first instead: a list or a map without it. */
function firstListWithout(selected: Selected, { node, knownNanos }: Forgetful): StoryMessage | undefined {
  const { messages } = selected.facts;
  return messages.all.find(
    (message) =>
      message.src === node &&
      message.sentNanos > knownNanos &&
      message.sentNanos <= selected.endNanos &&
      selected.isBetweenNodes(message) &&
      messages.requestOf(message.id) === undefined &&
      !selected.carries(message) &&
      Object.values(messages.bodyOf(message.id)).some(
        (value) => elementsOf(value) !== undefined || entriesOf(value) !== undefined,
      ),
  );
}

/** True if the message has an element that a client had added to its node before those of the finding, so that it has all of them. */
function hasEarlierElement({ facts, startNanos }: Selected, node: string, message: StoryMessage): boolean {
  const places = new ElementPlaces(facts);
  return facts.operations.all.some(
    (operation) =>
      operation.node === node &&
      operation.invocation.f !== 'read' &&
      operation.completion?.type === 'ok' &&
      endOf(operation) < startNanos &&
      places.bring(message, operation.invocation.value),
  );
}

/**
 * Returns when the node first sent its state without the value that it had sent with it before, or else the end of the story.
 * A message with the value alone is not its state: the next one of its type has the next value.
 */
function firstLackNanos(selected: Selected, { node, signs }: Forgetful, sinceNanos: number): number {
  const { messages } = selected.facts;
  const last = signs.at(-1);
  const isValue = (part: Json): boolean => selected.values.has(part);
  if (
    last === undefined ||
    Object.values(messages.bodyOf(last.id)).some((part) => {
      const items = elementsOf(part) ?? [];
      return isValue(part) || (items.length > 0 && items.every(isValue));
    })
  )
    return selected.endNanos;
  const lacking = messages.all.find(
    (message) =>
      message.src === node &&
      message.sentNanos > sinceNanos &&
      messages.typeOf(message.id) === messages.typeOf(last.id) &&
      !selected.carries(message),
  );
  return Math.min(lacking?.sentNanos ?? Infinity, selected.endNanos);
}

/** A state read before waiting for a reply and written back afterwards lacks what arrived in between. */
function takeOpenRequests(selected: Selected, node: string, knownNanos: number): void {
  const { messages } = selected.facts;
  const open = messages.all.filter((message) => {
    const { id, src, sentNanos } = message;
    if (src !== node || sentNanos > knownNanos || sentNanos < knownNanos - LONGEST_OPEN_NANOS) return false;
    if (messages.isWithClient(message) || selected.isOfTheRun(message)) return false;
    if (messages.bodyOf(id)['msg_id'] === undefined || messages.requestOf(id) !== undefined) return false;
    const [answered = Infinity] = messages.at(messages.replyTo(id) ?? -1)?.arrivals ?? [];
    return answered > knownNanos;
  });
  for (const { id } of open.slice(-MOST_AROUND)) selected.take(id, DECISIVE);
}

/** If the node received other values instead, takes the operations that added those. */
function takeInPlace(selected: Selected, message: StoryMessage | undefined): void {
  const { messages, operations } = selected.facts;
  if (message === undefined || messages.isWithClient(message)) return;
  const text = messages.searchedTextOf(message.id);
  const adds = operations.all.filter(
    (operation) =>
      operation.invocation.f !== 'read' &&
      operation.invocation.time <= message.sentNanos &&
      !selected.operations.has(operation) &&
      new FollowedValues([[operation.invocation.value]]).isIn(text, () => messages.bodyOf(message.id)),
  );
  if (adds.length > MOST_IN_PLACE) return;
  for (const add of adds) selected.takeOperation(add, HELPFUL);
}
