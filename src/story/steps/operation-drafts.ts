/** Operations as steps of a story. */
import type { StoryArrow } from '../../recording/story.ts';
import type { Finding } from '../finding.ts';
import { OWN, type Selection } from '../selection/selection.ts';
import type { StoryFacts } from '../story-facts.ts';
import type { StoryOperation } from '../story-operations.ts';
import { arrowsOf, type Draft } from './draft.ts';
import { operationText } from './operation-text.ts';

/** Returns one step if no other step happened during the operation, else one for its beginning and one for its end. */
export function draftsOfOperation(
  { messages, operations }: StoryFacts,
  { finding, selection }: { readonly finding: Finding; readonly selection: Selection },
  operation: StoryOperation,
  others: readonly Draft[],
): readonly Draft[] {
  const { invocation, completion, number, client, node } = operation;
  const requests = operations.requestsOf(operation);
  const replies = requests.flatMap((id) => messages.replyTo(id) ?? []);
  const [request] = requests;
  const { begins, ends, answer } = operationText(operation, selection.values, {
    name: finding.names?.get(number),
    asked: request === undefined ? undefined : messages.bodyOf(request),
  });
  const end = completion?.time;
  const isOver = end !== undefined && end <= selection.endNanos;
  const isInterrupted = others.some(
    ({ timeNanos }) => timeNanos >= invocation.time && timeNanos < (end ?? Infinity),
  );
  const arrows = (ids: readonly number[], label: string): readonly StoryArrow[] =>
    ids.flatMap((id) => arrowsOf(messages.at(id), label, selection.endNanos));
  const shared = { operations: [number], weight: OWN };
  const asking = arrows(requests, invocation.f);
  // A late or lost reply did not complete the operation.
  const answering = replies.flatMap((id) =>
    arrows([id], completion?.type === 'info' ? messages.typeOf(id) : (completion?.type ?? '')),
  );
  if (isOver && !isInterrupted) {
    return [
      {
        ...shared,
        timeNanos: invocation.time,
        kind: 'operation',
        text: () => `${begins}${ends}`,
        messages: [...requests, ...replies],
        arrows: [...asking, ...answering],
      },
    ];
  }
  const first: Draft = {
    ...shared,
    timeNanos: invocation.time,
    kind: 'operation',
    text: () => begins,
    messages: requests,
    arrows: asking,
  };
  if (!isOver) return [first];
  const last: Draft = {
    ...shared,
    timeNanos: end,
    kind: 'answer',
    text: () => answer,
    messages: replies,
    arrows: answering,
  };
  return client === '' || node === '' ? [first] : [first, last];
}
