/** Operations as steps of a story. */
import type { StoryArrow } from '../../recording/story.ts';
import { wordOf } from '../../protocol/json.ts';
import type { Finding } from '../finding.ts';
import { OWN, type Selection } from '../selection/selection.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { arrowsOf, type Draft } from './draft.ts';
import { operationText } from './operation-text.ts';
import { microOps } from './micro-ops-text.ts';

/** Returns one step if no other step happened during the operation, else one for its beginning and one for its end. */
export function draftsOfOperation(
  facts: StoryFacts,
  { finding, selection }: { readonly finding: Finding; readonly selection: Selection },
  operation: StoryOperation,
  others: readonly Draft[],
): readonly Draft[] {
  const { messages, operations } = facts;
  const { invocation, completion, number, client, node } = operation;
  const requests = operations.requestsOf(operation);
  const replies = requests.flatMap((id) => messages.replyTo(id) ?? []);
  const [request] = requests;
  const { begins, ends, answer } = operationText(operation, selection.values, {
    name: finding.names?.get(number),
    number: finding.numbered?.has(number) === true ? number : undefined,
    asked: request === undefined ? undefined : messages.bodyOf(request),
  });
  const alone = finding.wrong === number && finding.mayBeOld === true ? aloneText(facts, operation) : '';
  const end = completion?.time;
  const isOver = end !== undefined && end <= selection.endNanos;
  const isInterrupted = others.some(
    ({ timeNanos }) => timeNanos >= invocation.time && timeNanos < (end ?? Infinity),
  );
  const shared = { operations: [number], weight: OWN };
  // A late or lost reply did not complete the operation.
  const outcome = completion?.type === 'info' ? undefined : completion?.type;
  const asking = (id: number): readonly StoryArrow[] =>
    arrowsOf(messages.at(id), id === request ? invocation.f : messages.typeOf(id), selection.endNanos);
  // Of several replies, such as those to a poll and to the commit after it, each has its own type.
  const answering = (id: number): readonly StoryArrow[] =>
    messages
      .repliesTo(id)
      .slice(0, 1)
      .flatMap((reply) =>
        arrowsOf(
          messages.at(reply),
          outcome === undefined || requests.length > 1 ? messages.typeOf(reply) : outcome,
          selection.endNanos,
        ),
      );
  if (isOver && !isInterrupted) {
    return [
      {
        ...shared,
        timeNanos: invocation.time,
        kind: 'operation',
        text: () => `${begins}${ends}${alone}`,
        messages: [...requests, ...replies],
        arrows: requests.flatMap((id) => [...asking(id), ...answering(id)]),
      },
    ];
  }
  const first: Draft = {
    ...shared,
    timeNanos: invocation.time,
    kind: 'operation',
    text: () => begins,
    messages: requests,
    arrows: requests.flatMap(asking),
  };
  if (!isOver) return [first];
  const last: Draft = {
    ...shared,
    timeNanos: end,
    kind: 'answer',
    text: () => `${answer}${alone}`,
    messages: replies,
    arrows: requests.flatMap(answering),
  };
  return client === '' || node === '' ? [first] : [first, last];
}

/** Says of a read whether its node answered from its own state, while the cluster has others to ask. */
function aloneText(facts: StoryFacts, operation: StoryOperation): string {
  const { messages, operations, kindOf } = facts;
  const { node, completion } = operation;
  if (node === undefined || completion?.type !== 'ok' || !isRead(operation)) return '';
  const [request] = operations.requestsOf(operation).flatMap((id) => messages.at(id) ?? []);
  const answer = request && messages.at(messages.replyTo(request.id) ?? -1);
  const [asked] = request?.arrivals ?? [];
  if (asked === undefined || answer === undefined) return '';
  const isToOther = ({ src, dest }: StoryMessage): boolean => src === node && kindOf(dest) !== 'client';
  const hasAsked = messages.all.some(
    (message) => isToOther(message) && message.sentNanos >= asked && message.sentNanos <= answer.sentNanos,
  );
  const hasServices = messages.all.some(({ dest }) => kindOf(dest) === 'service');
  if (hasAsked || (facts.nodes.length < 2 && !hasServices)) return '';
  return `; ${node} asks no other node${hasServices ? ' or service' : ''}`;
}

/** True if it changes nothing. */
const isRead = ({ invocation: { f, value } }: StoryOperation): boolean =>
  f === 'read' || (f === 'txn' && microOps(value)?.every(([mop = null]) => wordOf(mop) === 'r') === true);
