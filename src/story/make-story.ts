/**
 * Makes the story of a run that is wrong: what it ends in (`findings/`), which messages belong to it (`select-messages.ts`), and
 * the words of each step (`story-steps.ts`).
 */
import { findingOf } from './findings/finding-of.ts';
import { selectMessages, type Selection } from './select-messages.ts';
import type { Story, StoryLane, StoryStep } from './story.ts';
import { factsOf, type StoryFacts } from './story-facts.ts';
import type { StoryRun } from './story-run.ts';
import { stepsOf } from './story-steps.ts';
import { counted } from '../protocol/count-text.ts';

/** Undefined of a run that is not wrong. */
export function makeStory(run: StoryRun): Story | undefined {
  const facts = factsOf(run);
  const finding = findingOf(facts);
  if (finding === undefined) return undefined;
  const selection = selectMessages(facts, finding);
  const { steps, leftOut } = stepsOf(facts, finding, selection);
  const notes = [
    ...(finding.more === undefined ? [] : [finding.more]),
    ...(leftOut === 0
      ? []
      : [`${counted(leftOut, 'step')} that may matter less ${leftOut === 1 ? 'is' : 'are'} left out.`]),
    ...guessNotes(facts, selection),
  ];
  return {
    version: 1,
    title: finding.title,
    steps,
    notes,
    lanes: lanesOf(facts, steps),
    wrong: finding.wrong,
  };
}

/** Of which messages of the story it is not known what led to them. */
function guessNotes({ messages, kindOf }: StoryFacts, { weights }: Selection): readonly string[] {
  if (messages.all.length === 0) return [];
  if (!messages.hasCauses)
    return [
      'The run was not simulated: which message led to which is not known, and is taken from the order in which they came.',
    ];
  const told = [...weights.keys()].flatMap((id) => messages.at(id) ?? []);
  const nodes = new Set(
    told.flatMap(({ isGuessed, src }) => (isGuessed && kindOf(src) === 'node' ? [src] : [])),
  );
  if (nodes.size === 0) return [];
  const names = [...nodes].toSorted().join(', ');
  return [
    `Not every message of ${names} says which one led to it; where it does not, that is taken from the order in which they came.`,
  ];
}

/** Clients first, then nodes, then services; each that an arrow or a fault touches. */
function lanesOf({ kindOf, nodes }: StoryFacts, steps: readonly StoryStep[]): readonly StoryLane[] {
  const names = new Set(
    steps.flatMap(({ arrows, band }) => [
      ...arrows.flatMap(({ from, to }) => [from, to]),
      ...(band?.nodes ?? []),
    ]),
  );
  const lanes = [...names].map((name): StoryLane => ({ name, kind: kindOf(name) }));
  const order = ['client', 'node', 'service'];
  const place = ({ name, kind }: StoryLane): number =>
    kind === 'node' ? nodes.indexOf(name) : Number(/\d+/.exec(name)?.[0] ?? 0);
  return lanes.toSorted(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) || place(a) - place(b) || (a.name < b.name ? -1 : 1),
  );
}
