/** The steps of a story in order of time: operations, messages, faults, and finally the verdict. */
import type { StoryStep } from '../../recording/story.ts';
import type { Finding } from '../finding.ts';
import { OWN, STATE, type Selection } from '../selection/selection.ts';
import { StaleAnswers } from '../facts/stale-answers.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import type { StoryMessage } from '../facts/story-messages.ts';
import { ArrivedBefore } from './arrived-before.ts';
import type { Draft } from './draft.ts';
import { repeatedSendings } from './exchanges.ts';
import { draftsOfFaults, isFault } from './fault-drafts.ts';
import { faultsOfStory, type StoryFault } from './fault-text.ts';
import { draftsOfOperation } from './operation-drafts.ts';
import { draftOfSendings } from './sending-drafts.ts';
import { Resending } from './resending.ts';
import { isLate, type SendingContext } from './sending-text.ts';
import { leaderSteps, stateSteps } from './state-steps.ts';

export interface Steps {
  readonly steps: readonly StoryStep[];
  /** Number of steps that were left out. */
  readonly leftOut: number;
}

/** Maximum number of steps, so that the story stays readable. */
const MOST_STEPS = 20;
const MOST_OLD = 6;
/** Maximum number of faults in a story that is too long, the last ones. */
const MOST_FAULTS = 5;

export function stepsOf(facts: StoryFacts, finding: Finding, selection: Selection): Steps {
  const cuts = faultsAmong(facts, finding, selection, [...selection.weights.keys()]).flatMap(({ band }) => [
    band.fromNanos,
    band.toNanos ?? Infinity,
  ]);
  const sendings = withoutOldState(
    repeatedSendings(facts, selection, cuts).map((repeated) => draftOfSendings(facts, selection, repeated)),
    selection,
  );
  const own = [...selection.weights].flatMap(([id, weight]) => (weight < STATE ? [id] : []));
  const faults = faultsAmong(facts, finding, selection, [
    ...own,
    ...sendings.flatMap(({ messages }) => messages),
  ]);
  const others = [...sendings, ...draftsOfFaults(facts, faults, selection)];
  const drafts = [
    ...others,
    ...draftsOfStates(facts, finding, selection),
    ...selection.operations.flatMap((operation) =>
      draftsOfOperation(facts, { finding, selection }, operation, others),
    ),
  ];
  const verdicts = verdictDrafts(finding, selection);
  const kept = withoutLoneEnds(keptDrafts(drafts, MOST_STEPS - verdicts.length, finding));
  const numbered = [...kept.toSorted((a, b) => a.timeNanos - b.timeNanos), ...verdicts];
  const context = contextOf(facts, selection, numbered);
  return {
    leftOut: drafts.length - kept.length,
    steps: numbered.map(({ text, weight: _weight, end: _end, ...draft }, at) => ({
      number: at + 1,
      ...draft,
      kind: draft.kind === 'message' && isDelayed(draft.messages, context) ? 'delayed' : draft.kind,
      text: text(context),
    })),
  };
}

/** Returns the faults that affected these messages, or a node that takes part. */
function faultsAmong(
  facts: StoryFacts,
  { reach }: Finding,
  selection: Selection,
  ids: readonly number[],
): readonly StoryFault[] {
  const messages = ids.flatMap((id) => facts.messages.at(id) ?? []);
  return faultsOfStory(facts, {
    messages,
    nodes: nodesOf(facts, selection, messages),
    startNanos: messages.reduce((least, { sentNanos }) => Math.min(least, sentNanos), selection.startNanos),
    endNanos: selection.endNanos,
    asksForgotten: selection.absence !== undefined,
    isOfAll: selection.isOfAll,
    onlyFirstKill: reach === 'value' || reach === 'operations',
  });
}

/** Keeps only the last change of state before the first operation: it shows the leader at that time. */
function withoutOldState(drafts: readonly Draft[], { startNanos }: Selection): readonly Draft[] {
  const old = drafts
    .filter(({ weight, timeNanos }) => weight >= STATE && timeNanos < startNanos)
    .toSorted((a, b) => a.timeNanos - b.timeNanos);
  const dropped = new Set(old.slice(0, Math.max(0, old.length - MOST_OLD)));
  return drafts.filter((draft) => !dropped.has(draft));
}

function nodesOf(
  { kindOf }: StoryFacts,
  { operations }: Selection,
  messages: readonly StoryMessage[],
): ReadonlySet<string> {
  const ends = messages.flatMap(({ src, dest }) => [src, dest]);
  return new Set(
    [...ends, ...operations.flatMap(({ node }) => node ?? [])].filter((name) => kindOf(name) === 'node'),
  );
}

/** True if the first message of an exchange, its request, was delayed; a late reply delays nothing else. */
function isDelayed([first]: readonly number[], context: SendingContext): boolean {
  const message = first === undefined ? undefined : context.facts.messages.at(first);
  return message !== undefined && isLate(message, context);
}

/**
 * Leaves out the least important steps, the earliest of these first. Faults leave room for their effects. If no operation shows
 * the violation, the last steps led to it and get half of the room.
 */
function keptDrafts(drafts: readonly Draft[], most: number, { moment }: Finding): readonly Draft[] {
  if (drafts.length <= most) return drafts;
  const latestFirst = drafts.toSorted((a, b) => b.timeNanos - a.timeNanos);
  const tooMany = new Set(latestFirst.filter(isFault).slice(MOST_FAULTS));
  const left = latestFirst.filter((draft) => !tooMany.has(draft));
  const latest = new Set(moment === undefined ? [] : left.slice(0, Math.ceil(most / 2)));
  const others = left
    .filter((draft) => !latest.has(draft))
    .toSorted((a, b) => a.weight - b.weight || b.timeNanos - a.timeNanos);
  return [...latest, ...others].slice(0, most);
}

function withoutLoneEnds(drafts: readonly Draft[]): readonly Draft[] {
  const kept = new Set(drafts);
  return drafts.filter(({ end }) => end === undefined || kept.has(end));
}

function verdictDrafts(
  { verdict, wrong }: Finding,
  { absence, receipt, endNanos }: Selection,
): readonly Draft[] {
  const before = absence === undefined ? receipt : () => absence.text;
  return [before ?? [], ...verdict].flat().map((text) => ({
    // The time of an invalid line is unknown.
    timeNanos: endNanos === -Infinity ? 0 : endNanos,
    weight: OWN,
    kind: 'verdict',
    text: ({ cite }) => (typeof text === 'string' ? text : text(cite)),
    messages: [],
    operations: wrong === undefined ? [] : [wrong],
    arrows: [],
  }));
}

function draftsOfStates(
  { run, nodes }: StoryFacts,
  { aboutStates, moment, reach }: Finding,
  { startNanos, endNanos }: Selection,
): readonly Draft[] {
  if (run.states === undefined) return [];
  const states =
    aboutStates !== undefined && moment !== undefined
      ? stateSteps(run.states, { sentence: aboutStates, nodes, untilNanos: moment.timeNanos })
      : reach === 'state'
        ? leaderSteps(run.states, { fromNanos: startNanos, untilNanos: endNanos })
        : [];
  return states.map(({ timeNanos, text }) => ({
    timeNanos,
    weight: OWN,
    kind: 'state',
    text: () => text,
    messages: [],
    operations: [],
    arrows: [],
  }));
}

function contextOf(
  facts: StoryFacts,
  { values, endNanos }: Selection,
  drafts: readonly Draft[],
): SendingContext {
  const stepOf = new Map(
    drafts.flatMap(({ messages }, at) => messages.map((id) => [id, at + 1] as const)).toReversed(),
  );
  return {
    facts,
    values,
    endNanos,
    cite: (id) => {
      const step = id === undefined ? undefined : stepOf.get(id);
      return step === undefined ? '' : ` (step ${step})`;
    },
    arrivedBefore: new ArrivedBefore(requestsOf(facts, drafts)),
    staleAnswers: new StaleAnswers(facts),
    resending: new Resending(facts, { values, endNanos }),
  };
}

/** Returns the messages of each step that carries something, without replies. */
function requestsOf(
  { messages: known }: StoryFacts,
  drafts: readonly Draft[],
): ReadonlyMap<number, readonly StoryMessage[]> {
  const isRequest = (id: number): boolean => known.requestOf(id) === undefined;
  return new Map(
    drafts.flatMap(({ messages, weight }, at) =>
      weight >= STATE ? [] : [[at + 1, messages.filter(isRequest).flatMap((id) => known.at(id) ?? [])]],
    ),
  );
}
