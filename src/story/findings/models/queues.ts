/** Queues that are drained: elements that never come out, and elements that come out without having been enqueued. */
import { formOf, otherFormOf } from '../../../checkers/other-form.ts';
import type { TotalQueueResult } from '../../../checkers/sets/total-queue.ts';
import { byCount, counted } from '../../../protocol/count-text.ts';
import { elementsOf, jsonEquals, type Json } from '../../../protocol/json.ts';
import type { Finding } from '../../finding.ts';
import type { StoryFacts } from '../../facts/story-facts.ts';
import { endOf, type StoryOperation } from '../../facts/story-operations.ts';
import { atNode, brief } from '../../text/words.ts';

export function queueFinding(facts: StoryFacts, result: TotalQueueResult): Finding | undefined {
  const { lost = [], unexpected = [] } = result;
  const [missing] = lost;
  const [stranger] = unexpected;
  const others = (result['lost-count'] ?? 0) + (result['unexpected-count'] ?? 0) - 1;
  let finding: Core | undefined;
  if (missing !== undefined) finding = lostFinding(facts, missing, unexpected);
  else if (stranger !== undefined) finding = strangeFinding(facts, stranger);
  return (
    finding && {
      ...finding,
      values: [],
      reach: 'operations',
      more:
        others === 0
          ? undefined
          : `${counted(others, 'more element')} ${byCount(others, 'is', 'are')} lost or came from nowhere.`,
    }
  );
}

type Core = Pick<Finding, 'title' | 'verdict' | 'operations' | 'wrong' | 'links'>;

function lostFinding(
  { operations }: StoryFacts,
  element: Json,
  unexpected: readonly Json[],
): Core | undefined {
  const enqueue = operations.all.findLast(
    ({ invocation, completion }) =>
      invocation.f === 'enqueue' && completion?.type === 'ok' && jsonEquals(invocation.value, element),
  );
  if (enqueue === undefined) return undefined;
  const later = operations.all.filter(
    (one) => isRemoval(one) && one.completion?.type === 'ok' && endOf(one) > endOf(enqueue),
  );
  const last = later.findLast(({ invocation }) => invocation.f === 'drain') ?? later.at(-1);
  const other = otherFormOf(element, unexpected);
  const name = brief(element);
  return {
    title: `${name} went into the queue and never came out`,
    verdict: [
      `${enqueue.client}'s enqueue of ${name}${atNode(enqueue.node)} is acknowledged, but nothing took it out${last === undefined ? '' : `, up to the ${last.invocation.f} of ${last.client}${atNode(last.node)}`}.` +
        (other === undefined
          ? ''
          : ` ${brief(other)} came out, which is ${name} as ${formOf(other, element)}: a different value.`),
    ],
    operations: [enqueue, ...(last === undefined ? [] : [last])].map(({ number }) => number),
    wrong: (last ?? enqueue).number,
  };
}

function strangeFinding({ operations }: StoryFacts, element: Json): Core | undefined {
  const wrong = operations.all.find(
    (one) => isRemoval(one) && takenBy(one).some((taken) => jsonEquals(taken, element)),
  );
  if (wrong === undefined) return undefined;
  const name = brief(element);
  const enqueues = operations.all.filter(({ invocation }) => invocation.f === 'enqueue');
  const meant = otherFormOf(
    element,
    enqueues.map(({ invocation }) => invocation.value),
  );
  const source = enqueues.find(
    ({ invocation }) => meant !== undefined && jsonEquals(invocation.value, meant),
  );
  return {
    title: `${name} came out of the queue, and never went in`,
    verdict: [
      `${wrong.client} takes ${name} out of the queue${atNode(wrong.node)}, which no operation enqueued${meant === undefined ? '' : `: it is ${brief(meant)} as ${formOf(element, meant)}, a different value`}.`,
    ],
    operations: [...(source === undefined ? [] : [source]), wrong].map(({ number }) => number),
    wrong: wrong.number,
  };
}

const isRemoval = ({ invocation: { f } }: StoryOperation): boolean => f === 'dequeue' || f === 'drain';

function takenBy({ invocation: { f }, completion }: StoryOperation): readonly Json[] {
  if (completion?.type !== 'ok') return [];
  return f === 'drain' ? (elementsOf(completion.value) ?? []) : [completion.value];
}
