/**
 * Selects what nodes had received before they answered from what they knew, without asking anyone: a message that contains
 * what they answered, or else the last ones, and another operation of the node with such a value. It is for findings without values to follow, as those of users' own workloads.
 */
import { elementsOf, entriesOf, type Json } from '../../../protocol/json.ts';
import type { StoryMessage } from '../../facts/story-messages.ts';
import type { StoryOperation } from '../../facts/story-operations.ts';
import { FollowedValues } from '../values/followed-values.ts';
import type { Selected } from '../selected.ts';
import { DECISIVE, HELPFUL } from '../selection.ts';

/** Maximum number of messages for each answer. */
const MOST_LAST = 3;
/** Maximum number of messages that led to each of them. */
const MOST_CAUSES = 6;
/** Maximum number of values of an answer that are looked for. */
const MOST_PARTS = 8;

export function takeBehindAnswers(selected: Selected): void {
  const { messages } = selected.facts;
  const asked = new Set(
    [...selected.weights.keys()].flatMap((id) => {
      const message = messages.at(id);
      if (message === undefined || messages.isWithClient(message)) return [];
      return selected.requestBehind(message)?.id ?? [];
    }),
  );
  for (const operation of selected.named) {
    const requests = selected.facts.operations.requestsOf(operation);
    if (!requests.some((id) => asked.has(id))) takeBehind(selected, operation, requests);
  }
}

function takeBehind(selected: Selected, operation: StoryOperation, requests: readonly number[]): void {
  const { messages, operations } = selected.facts;
  const { node, completion, invocation } = operation;
  const answered = requests.flatMap((id) => messages.at(messages.replyTo(id) ?? -1) ?? []).at(-1);
  if (node === undefined || completion?.type !== 'ok' || answered === undefined) return;
  const parts = partsOf(completion.value).slice(0, MOST_PARTS);
  const whole = new FollowedValues(parts.length === 0 ? [] : [parts]);
  const any = new FollowedValues(parts.map((part) => [part]));
  const received = messages.all.filter(
    (message) =>
      message.dest === node &&
      !messages.isWithClient(message) &&
      !selected.isOfTheRun(message) &&
      (message.arrivals[0] ?? Infinity) <= answered.sentNanos,
  );
  const having = (values: FollowedValues): readonly StoryMessage[] =>
    received.filter(({ id }) => values.isIn(messages.searchedTextOf(id), () => messages.bodyOf(id)));
  const behind = [having(whole), having(any), received].find((some) => some.length > 0) ?? [];
  for (const message of behind.slice(-MOST_LAST)) {
    selected.take(message.id, DECISIVE);
    takeCauses(selected, message);
  }
  const earlier = operations.all.findLast(
    (one) =>
      one.node === node &&
      one.invocation.f !== invocation.f &&
      one.completion?.type === 'ok' &&
      one.completion.time <= answered.sentNanos &&
      any.isWithin(one.invocation.value, one.completion.value),
  );
  selected.takeOperation(earlier, HELPFUL);
}

function takeCauses(selected: Selected, message: StoryMessage): void {
  const { messages } = selected.facts;
  let at = message.origin === undefined ? undefined : messages.at(message.origin);
  for (let steps = 0; steps < MOST_CAUSES && at !== undefined; steps++) {
    if (messages.isWithClient(at)) return selected.takeWithOperation(at);
    selected.take(at.id, HELPFUL);
    at = at.origin === undefined ? undefined : messages.at(at.origin);
  }
}

/** Returns the numbers and texts within a value. */
function partsOf(value: Json): readonly Json[] {
  if (typeof value === 'number' || typeof value === 'string') return [value];
  const within =
    elementsOf(value) ??
    entriesOf(value)
      ?.filter(([name]) => !isOfProtocol(name))
      .map(([, part]) => part);
  return (within ?? []).flatMap(partsOf);
}

/** A workload may take the whole reply for the value. */
const isOfProtocol = (name: Json): boolean => name === 'type' || name === 'in_reply_to' || name === 'msg_id';
