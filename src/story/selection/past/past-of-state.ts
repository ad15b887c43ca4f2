/** Selects the messages that may have formed the state of the nodes at the moment that matters. */
import { pastOf, type Moment } from './past.ts';
import type { Selected } from '../selected.ts';
import { DECISIVE, HELPFUL, isLost, isTroubled } from '../selection.ts';
import { timerTypes } from '../timer-types.ts';

/** A type with at most this share of the messages between nodes is rare. */
const RARE = 0.1;

/** Takes everything the node of the wrong operation may have learned, and losses between the nodes that take part. */
export function takePast(selected: Selected, weight: number): void {
  const { messages, operations } = selected.facts;
  const inTime = messages.all.filter((message) => message.sentNanos <= selected.endNanos);
  const past = pastOf(inTime, momentsOfState(selected));
  const rare = rareTypes(selected);
  const byThemselves = timerTypes(selected);
  const own = new Set([...selected.operations].flatMap((operation) => operations.requestsOf(operation)));
  for (const message of inTime) {
    if (selected.weights.has(message.id) || selected.isOfTheRun(message) || messages.isWithClient(message))
      continue;
    if (!past.has(message.id) && !isLost(message)) continue;
    // That it came after one of these operations is chance.
    if (message.isGuessed && !isLost(message) && byThemselves.has(messages.typeOf(message.id))) continue;
    // What led to it was not loaded: a request of long ago.
    if (!messages.isLoaded(message.origin)) continue;
    const request = selected.requestBehind(message);
    if (request !== undefined && !own.has(request.id)) continue;
    const isDuring = message.sentNanos >= selected.startNanos;
    const isDecisive = isDuring && isTroubled(message) && selected.carries(message);
    const isRare = isDuring && rare.has(messages.typeOf(message.id));
    selected.take(message.id, isDecisive ? DECISIVE : isRare ? Math.min(weight, HELPFUL) : weight);
  }
}

/** Returns the moments at which the state of nodes made the difference. */
function momentsOfState(selected: Selected): readonly Moment[] {
  const { messages, operations, nodes } = selected.facts;
  const { reach, moment } = selected.finding;
  if (moment !== undefined) {
    const endpoints = reach === 'states' ? nodes : [moment.node];
    return endpoints.map((endpoint) => ({ endpoint, timeNanos: moment.timeNanos }));
  }
  const request = selected.wrong && operations.requestsOf(selected.wrong).at(-1);
  const answer = request === undefined ? undefined : messages.at(messages.replyTo(request) ?? request);
  const timeNanos = answer?.sentNanos ?? selected.endNanos;
  return [...selected.operations].flatMap(({ node, completion }) =>
    node === undefined
      ? []
      : [{ endpoint: node, timeNanos: Math.min(timeNanos, completion?.time ?? timeNanos) }],
  );
}

/**
 * Returns the types of messages between nodes that are seldom sent, and for no client: an election matters more than the
 * replication around it.
 */
function rareTypes(selected: Selected): ReadonlySet<string> {
  const { messages } = selected.facts;
  const counts = new Map<string, number>();
  const forClients = new Set<string>();
  let all = 0;
  for (const message of messages.all) {
    if (message.sentNanos > selected.endNanos || !selected.isBetweenNodes(message)) continue;
    all++;
    const type = messages.typeOf(message.id);
    if (forClients.has(type)) continue;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (selected.requestBehind(message) !== undefined) forClients.add(type);
  }
  return new Set(
    [...counts].flatMap(([type, count]) => (count <= all * RARE && !forClients.has(type) ? [type] : [])),
  );
}
