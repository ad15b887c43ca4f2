/** Selects the paths that a value took to the node whose read lacks it. */
import { elementsOf, jsonEquals, type Json } from '../../protocol/json.ts';
import type { Saying } from '../text/saying.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { absenceOf, type Absence } from './absence.ts';
import { takeForgetting } from './forgetting.ts';
import { eachPlace, isInText } from './values/places.ts';
import { receiptText } from './receipt.ts';
import type { Selected } from './selected.ts';
import { DECISIVE, isLost } from './selection.ts';

/** Maximum number of types of messages that brought a value after the first one. */
const MOST_TYPES = 3;

/** For each endpoint the message by which it learned the value. */
type FirstArrivals = ReadonlyMap<string, StoryMessage>;

/** What is known about how the value came to the node whose read lacks it. */
export interface Way {
  /** Set if it was never sent to that node. */
  readonly absence?: Absence | undefined;
  /** A sentence, set if that node received it. */
  readonly receipt?: Saying | undefined;
}

/** Selects these paths, and returns what they say about the value, unless its loss `isExplained` by something else. */
export function takeValuePaths(selected: Selected, isExplained: boolean): Way {
  const { messages } = selected.facts;
  const reader = selected.wrong?.node;
  const carriers = messages.all.filter(
    (message) => selected.isInTime(message) && !messages.isWithClient(message) && selected.carries(message),
  );
  const arrivedAt = firstArrivals(carriers);
  const gotNanos = reader === undefined ? undefined : arrivedAt.get(reader)?.arrivals[0];
  const toReader = carriers.filter(
    ({ dest, sentNanos }) => dest === reader && sentNanos <= (gotNanos ?? Infinity),
  );
  const ends =
    toReader.length > 0 ? toReader : carriers.filter((one) => arrivedAt.get(one.dest) === one || isLost(one));
  for (const message of ends) takePath(selected, message, arrivedAt);
  if (reader === undefined || isExplained) return {};
  takeWhatCameAfter(selected, reader, carriers);
  takeForgetting(selected, reader, { carriers, gotNanos });
  const receipt = receiptText(selected, carriers);
  if (receipt !== undefined || toReader.length > 0) return { receipt };
  // A loss on the way to another node explains the absence.
  return carriers.some(isLost) ? {} : { absence: takeAbsence(selected, reader, arrivedAt) };
}

function firstArrivals(carriers: readonly StoryMessage[]): FirstArrivals {
  const first = new Map<string, StoryMessage>();
  for (const message of carriers) {
    const [arrival] = message.arrivals;
    if (arrival === undefined) continue;
    const [known = Infinity] = first.get(message.dest)?.arrivals ?? [];
    if (arrival < known) first.set(message.dest, message);
  }
  return first;
}

/**
 * The node got the value and shows it no longer: takes the first message of each other type that brought the value again, which may
 * have been a request to remove it.
 */
function takeWhatCameAfter(selected: Selected, reader: string, carriers: readonly StoryMessage[]): void {
  const { messages } = selected.facts;
  const wrongNanos = selected.wrong?.invocation.time ?? -Infinity;
  const arriving = carriers
    .filter(({ dest, arrivals: [at = Infinity] }) => dest === reader && at <= wrongNanos)
    .filter(({ id }) => messages.requestOf(id) === undefined)
    .toSorted((a, b) => (a.arrivals[0] ?? 0) - (b.arrivals[0] ?? 0));
  const types = new Set<string>();
  for (const message of arriving) {
    const type = messages.typeOf(message.id);
    if (types.size > 0 && !types.has(type)) selected.take(message.id, DECISIVE);
    types.add(type);
    if (types.size > MOST_TYPES) return;
  }
}

/** Takes the message, and those by which its sender learned what it carries. */
function takePath(selected: Selected, message: StoryMessage, arrivedAt: FirstArrivals): void {
  if (selected.weights.has(message.id)) return;
  selected.take(message.id, DECISIVE);
  const before = arrivedAt.get(message.src);
  if (before !== undefined && (before.arrivals[0] ?? Infinity) <= message.sentNanos)
    takePath(selected, before, arrivedAt);
}

/** For a value that was never sent to the node: the nodes that had it, and what they sent there. */
function takeAbsence(selected: Selected, reader: string, arrivedAt: FirstArrivals): Absence | undefined {
  const { kindOf, messages } = selected.facts;
  const { lacks } = selected.finding;
  // Messages that were not loaded may contain the value.
  if (lacks === undefined || messages.all.length === 0 || messages.skipped > 0) return undefined;
  const since = new Map<string, number>();
  for (const { node, invocation, completion } of selected.named)
    if (node !== undefined && invocation.f !== 'read' && completion?.type === 'ok')
      since.set(node, invocation.time);
  for (const [name, { arrivals }] of arrivedAt) {
    const [first = Infinity] = arrivals;
    if (kindOf(name) === 'node' && first < (since.get(name) ?? Infinity)) since.set(name, first);
  }
  // A node that acknowledged the value itself needs no message with it.
  if (since.has(reader)) return undefined;
  for (const [name, time] of since) if (isKnownToLack(selected, name, lacks, time)) since.delete(name);
  if (since.size === 0) return undefined;
  const between = messages.all.filter(
    (message) =>
      message.dest === reader &&
      since.has(message.src) &&
      messages.requestOf(message.id) === undefined &&
      !selected.isOfTheRun(message),
  );
  if (between.some((message) => mayHide(selected, message, lacks))) return undefined;
  const held = { value: lacks, reader, since, endNanos: selected.endNanos };
  const absence = absenceOf(held, between, messages);
  for (const { id } of absence.instead) selected.take(id, DECISIVE);
  return absence;
}

/** True if a text within the message may have the value. */
function mayHide({ facts: { messages } }: Selected, { id }: StoryMessage, value: Json): boolean {
  let isFound = false;
  eachPlace(messages.bodyOf(id), (_, one) => {
    if (typeof one === 'string' && isInText(one, value)) isFound = true;
  });
  return isFound;
}

/** True if the reads at a node after it received the value show that it did not keep it. */
function isKnownToLack({ facts }: Selected, name: string, value: Json, sinceNanos: number): boolean {
  const seen = facts.operations.all.flatMap(({ node, invocation, completion }) =>
    node === name && invocation.f === 'read' && completion?.type === 'ok' && invocation.time >= sinceNanos
      ? [elementsOf(completion.value) ?? []]
      : [],
  );
  return seen.length > 0 && !seen.some((elements) => elements.some((item) => jsonEquals(item, value)));
}
