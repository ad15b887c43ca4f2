/**
 * Selects the last messages that nodes received: before they began to lead, before a state that a sentence names, or before
 * the end of a story without a wrong operation.
 */
import { leaderSteps, namedIn, stateSteps } from '../../steps/state-steps.ts';
import type { StoryMessage } from '../../facts/story-messages.ts';
import type { Selected } from '../selected.ts';
import { DECISIVE, OWN } from '../selection.ts';

/** Maximum time in nanoseconds from the arrival of a message until its node reports its state. */
const LONGEST_TURN_NANOS = 5e6;
/** Maximum number of messages before the end of a story about a node without a wrong operation. */
const MOST_LAST = 3;
const MOST_CAUSES = 20;

/** Takes the messages by which nodes began to lead while the operations ran: they say which node decided. */
export function takeElections(selected: Selected): void {
  const { startNanos, endNanos } = selected;
  const { states } = selected.facts.run;
  if (selected.finding.reach !== 'state' || states === undefined) return;
  for (const { node, timeNanos } of leaderSteps(states, { fromNanos: startNanos, untilNanos: endNanos }))
    if (timeNanos >= startNanos) takeLastBefore(selected, node, timeNanos);
}

/**
 * Takes, for the nodes that the sentence names, the messages they received when they entered the states shown, and the
 * last ones they received from each other, which may have arrived late and undone earlier ones.
 */
export function takeBehindStates(selected: Selected): void {
  const { run, nodes } = selected.facts;
  const { aboutStates: sentence, moment } = selected.finding;
  if (sentence === undefined || moment === undefined) return;
  const untilNanos = moment.timeNanos;
  const entered = run.states === undefined ? [] : stateSteps(run.states, { sentence, nodes, untilNanos });
  for (const { node, timeNanos } of entered) takeLastBefore(selected, node, timeNanos);
  const named = namedIn(sentence, nodes);
  for (const node of named)
    for (const src of named) takeLastOf(selected, node, { src, fromNanos: -Infinity, untilNanos });
}

/** Takes the message with which a node's turn began that ended with this change of its state. */
const takeLastBefore = (selected: Selected, node: string, untilNanos: number): void =>
  takeLastOf(selected, node, { fromNanos: untilNanos - LONGEST_TURN_NANOS, untilNanos });

/** Takes the last message that a node received in a period, with the request that it answers. */
function takeLastOf(
  selected: Selected,
  node: string,
  period: { readonly src?: string; readonly fromNanos: number; readonly untilNanos: number },
): void {
  const { messages } = selected.facts;
  let [last, lastNanos]: [StoryMessage | undefined, number] = [undefined, period.fromNanos];
  for (const message of messages.all) {
    if (message.dest !== node || message.src !== (period.src ?? message.src)) continue;
    if (messages.isWithClient(message) || selected.isOfTheRun(message)) continue;
    for (const arrival of message.arrivals)
      if (arrival >= lastNanos && arrival <= period.untilNanos) [last, lastNanos] = [message, arrival];
  }
  if (last === undefined) return;
  selected.take(last.id, OWN);
  const request = messages.at(messages.requestOf(last.id) ?? last.id) ?? last;
  // What its sender sent to others at the same time is the same step.
  const type = messages.typeOf(request.id);
  for (const { id, src, sentNanos } of messages.all)
    if (src === request.src && sentNanos === request.sentNanos && messages.typeOf(id) === type)
      selected.take(id, OWN);
}

/** Takes the last messages that the node of the finding received, and their causes. */
export function takeLastMessages(selected: Selected): void {
  const { messages } = selected.facts;
  const { moment } = selected.finding;
  if (moment === undefined) return;
  const incoming = messages.all
    .filter(({ dest, arrivals: [first = Infinity] }) => dest === moment.node && first <= moment.timeNanos)
    .slice(-MOST_LAST);
  for (const message of incoming) {
    let at: StoryMessage | undefined = message;
    for (let steps = 0; steps < MOST_CAUSES && at !== undefined; steps++) {
      if (messages.isWithClient(at)) selected.takeWithOperation(at);
      selected.take(at.id, DECISIVE);
      at = at.origin === undefined ? undefined : messages.at(at.origin);
    }
  }
}
