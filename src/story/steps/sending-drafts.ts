/** Messages as steps of a story. */
import type { StepKind } from '../../recording/story.ts';
import { isLost, type Selection } from '../selection/selection.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { arrowsOf, type Draft } from './draft.ts';
import type { Repeated, Sending } from './exchanges.ts';
import { repeatedText } from './sending-text.ts';

/** Maximum number of arrows drawn per step. */
const MOST_ARROWS = 12;

export function draftOfSendings(
  { messages }: StoryFacts,
  { endNanos }: Selection,
  repeated: Repeated,
): Draft {
  const { first, all } = repeated;
  const exchanges = all.flatMap((sending) => sending.exchanges);
  const ids = exchanges.flatMap(({ message, answers }) => [message.id, ...answers.map(({ id }) => id)]);
  const arrows = first.exchanges.flatMap(({ message, answers }) => [
    ...arrowsOf(message, first.type, endNanos),
    ...answers.flatMap((answer) => arrowsOf(answer, messages.typeOf(answer.id), endNanos)),
  ]);
  return {
    timeNanos: first.sentNanos,
    weight: first.weight,
    kind: kindOfStep(all),
    text: (context) => repeatedText(repeated, context),
    messages: ids,
    operations: [],
    arrows: arrows.slice(0, MOST_ARROWS),
  };
}

function kindOfStep(all: readonly Sending[]): StepKind {
  const sent = all.flatMap(({ exchanges }) =>
    exchanges.flatMap(({ message, answers }) => [message, ...answers]),
  );
  if (sent.some(isLost)) return 'lost';
  if (sent.some(({ copies }) => copies > 0)) return 'doubled';
  return all.length > 1 ? 'folded' : 'message';
}
