/**
 * Makes the stories of an invalid run from its findings (`findings/`), the messages that belong to them (`selection/`),
 * and the texts of the steps (`story-steps.ts`).
 */
import type { Finding } from './finding.ts';
import { findingsOf } from './findings/finding-of.ts';
import { selectMessages } from './selection/select-messages.ts';
import type { Selection } from './selection/selection.ts';
import { shownText } from '../protocol/shown-text.ts';
import { phraseOf } from './steps/operation-phrase.ts';
import type { Story, StoryBar, StoryLane, StoryLink, StoryStep } from '../recording/story.ts';
import { factsOf, type StoryFacts } from './facts/story-facts.ts';
import type { StoryRun } from './story-run.ts';
import { stepsOf } from './steps/story-steps.ts';
import { counted } from '../protocol/count-text.ts';

/** Maximum number of stories, one for the first finding of each kind. */
const MOST_STORIES = 5;

/** Returns no stories for a valid run. */
export function makeStories(run: StoryRun, most = MOST_STORIES): readonly Story[] {
  const facts = factsOf(run);
  const stories: Story[] = [];
  // If a run has too many messages, only those before the first finding are loaded.
  const limit = facts.messages.isCut ? Math.min(most, 1) : most;
  for (const finding of findingsOf(facts)) {
    stories.push(storyOf(facts, finding));
    if (stories.length >= limit) break;
  }
  return stories;
}

/** Returns the story of the first finding; undefined for a valid run. */
export const makeStory = (run: StoryRun): Story | undefined => makeStories(run, 1)[0];

function storyOf(facts: StoryFacts, finding: Finding): Story {
  const { skipped } = facts.messages;
  const selection = selectMessages(facts, finding);
  const { steps, leftOut } = stepsOf(facts, finding, selection);
  const notes = [
    ...(finding.more === undefined ? [] : [finding.more]),
    ...(leftOut === 0
      ? []
      : [`${counted(leftOut, 'step')} that may matter less ${leftOut === 1 ? 'is' : 'are'} left out.`]),
    ...(skipped === 0
      ? []
      : [
          `${counted(skipped, 'earlier message')} of the run ${skipped === 1 ? 'was' : 'were'} not looked at.`,
        ]),
    ...guessNotes(facts, selection),
  ];
  const isDrawn = facts.run.model === undefined || facts.run.evidenceIsDrawn === true;
  const bars = isDrawn ? [] : barsOf(facts, finding, steps, selection);
  return {
    version: 1,
    title: finding.title,
    ...(finding.evidence === undefined ? {} : { evidence: finding.evidence }),
    steps,
    notes,
    lanes: lanesOf(facts, steps, bars),
    ...(bars.length === 0 ? {} : { bars, links: linksOf(finding, bars) }),
    wrong: finding.wrong,
  };
}

/** Returns notes on messages of the story whose causes are unknown. */
function guessNotes({ run, messages, kindOf }: StoryFacts, { weights }: Selection): readonly string[] {
  const selected = [...weights.keys()].flatMap((id) => messages.at(id) ?? []);
  // Only messages from nodes can have an unknown cause.
  if (!selected.some(({ src }) => kindOf(src) === 'node')) return [];
  if (!messages.hasCauses)
    // In a simulated run, missing causes mean that no message caused another.
    return run.spec.world === 'simulated'
      ? []
      : [
          'The run was not simulated: which message led to which is not known, and is taken from the order in which they came.',
        ];
  const nodes = new Set(
    selected.flatMap(({ isGuessed, src }) => (isGuessed && kindOf(src) === 'node' ? [src] : [])),
  );
  if (nodes.size === 0) return [];
  const names = [...nodes].toSorted().join(', ');
  return [
    `Not every message of ${names} says which one led to it; where it does not, that is taken from the order in which they came.`,
  ];
}

/** With more lanes than this, nodes that only a large fault touches get no lane, since lane names would be illegible. */
const MANY_LANES = 10;
const LARGE_FAULT = 3;

/** Returns the lanes that an arrow or a fault touches: clients first, then nodes, then services. */
function lanesOf(
  { kindOf, nodes }: StoryFacts,
  steps: readonly StoryStep[],
  bars: readonly StoryBar[],
): readonly StoryLane[] {
  // Clients are named after processes, since nothing else is known.
  if (bars.length > 0)
    return [...new Set(bars.map(({ lane }) => lane))]
      .map((name): StoryLane => ({ name, kind: 'client' }))
      .toSorted((a, b) => numberIn(a.name) - numberIn(b.name));
  const sending = steps.flatMap(({ arrows }) => arrows.flatMap(({ from, to }) => [from, to]));
  const hit = steps.flatMap(({ band }) => (band === undefined ? [] : [band.nodes]));
  const all = new Set([...sending, ...hit.flat()]);
  const names =
    all.size <= MANY_LANES
      ? all
      : new Set([...sending, ...hit.filter(({ length }) => length <= LARGE_FAULT).flat()]);
  const lanes = [...names].map((name): StoryLane => ({ name, kind: kindOf(name) }));
  const order = ['client', 'node', 'service'];
  const place = ({ name, kind }: StoryLane): number =>
    kind === 'node' ? nodes.indexOf(name) : numberIn(name);
  return lanes.toSorted(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) || place(a) - place(b) || (a.name < b.name ? -1 : 1),
  );
}

const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);

function barsOf(
  { operations }: StoryFacts,
  { names, numbered }: Finding,
  steps: readonly StoryStep[],
  { values, endNanos }: Selection,
): readonly StoryBar[] {
  const shown = new Set(
    steps.flatMap((step) =>
      step.kind === 'verdict' ? [] : step.operations.flatMap((at) => operations.at(at) ?? []),
    ),
  );
  return [...shown].map(({ number, client, invocation, completion, ...operation }): StoryBar => {
    const isOver = completion !== undefined && completion.time <= endNanos;
    const { noun, behind, result } = phraseOf(
      { ...operation, number, client, invocation, completion },
      values,
    );
    // The text of a transaction follows its noun.
    const what = behind === '' ? noun : behind.replace(/^: /, '');
    const got = completion?.type === 'ok' ? result : undefined;
    const inWords = got === undefined ? what : behind === '' ? `${what}: ${got}` : got;
    return {
      operation: number,
      lane: client,
      fromNanos: invocation.time,
      endNanos: isOver ? completion.time : undefined,
      outcome: completion?.type === 'ok' || completion?.type === 'fail' ? completion.type : 'info',
      label: shownText(
        names?.get(number) ?? (numbered?.has(number) === true ? `${number}: ${inWords}` : inWords),
        LONGEST_LABEL,
      ),
    };
  });
}

const LONGEST_LABEL = 24;

function linksOf({ links = [] }: Finding, bars: readonly StoryBar[]): readonly StoryLink[] {
  const drawn = new Set(bars.map(({ operation }) => operation));
  return links
    .filter(({ from, to }) => from !== to && drawn.has(from) && drawn.has(to))
    .map(({ from, to, text }) => ({ from, to, label: shownText(text, LONGEST_LABEL) }));
}
