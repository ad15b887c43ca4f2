/** The steps of a story in order of time: operations, messages, faults, and finally the verdict. */
import { repeatedSendings, type Repeated, type Sending } from './exchanges.ts';
import { beginText, endText, toldFaults, type ToldFault } from './fault-text.ts';
import type { Finding } from './finding.ts';
import { operationWords } from './operation-text.ts';
import { isLost, OWN, STATE, type Selection } from './select-messages.ts';
import { isLate, repeatedText, type SendingContext } from './sending-text.ts';
import type { StepKind, StoryArrow, StoryBand, StoryStep } from '../recording/story.ts';
import { toldLeaders, toldStates } from './state-steps.ts';
import type { StoryFacts } from './story-facts.ts';
import type { StoryMessage } from './story-messages.ts';
import type { StoryOperation } from './story-operations.ts';

/** A step that has not been numbered yet. */
interface Draft {
  readonly timeNanos: number;
  /** Steps with the highest weight are left out first. */
  readonly weight: number;
  readonly kind: StepKind;
  readonly text: (context: SendingContext) => string;
  readonly messages: readonly number[];
  readonly operations: readonly number[];
  readonly arrows: readonly StoryArrow[];
  readonly band?: StoryBand;
  /** The step at which what ends here began; without that step this one says nothing. */
  readonly end?: Draft;
}

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
/** Maximum number of arrows drawn per step. */
const MOST_ARROWS = 12;

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
  const others = [
    ...sendings,
    ...withoutHandovers(faults.flatMap((fault) => draftsOfFault(facts, fault, selection))),
  ];
  const drafts = [
    ...others,
    ...draftsOfStates(facts, finding, selection),
    ...selection.operations.flatMap((operation) =>
      draftsOfOperation(facts, finding, selection, { operation, others }),
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

const isFault = ({ kind }: Draft): boolean => kind === 'fault' || kind === 'restart';

/** Drops the end of a fault at which the next fault of the same kind begins. */
function withoutHandovers(drafts: readonly Draft[]): readonly Draft[] {
  const begins = new Set(drafts.flatMap(({ band, timeNanos }) => (band === undefined ? [] : [timeNanos])));
  return drafts.filter(
    ({ kind, band, timeNanos }) => kind !== 'fault' || band !== undefined || !begins.has(timeNanos),
  );
}

/** Returns the faults that affected these messages, or a node that takes part. */
function faultsAmong(
  facts: StoryFacts,
  { reach }: Finding,
  selection: Selection,
  ids: readonly number[],
): readonly ToldFault[] {
  const told = ids.flatMap((id) => facts.messages.at(id) ?? []);
  return toldFaults(facts, {
    messages: told,
    nodes: nodesOf(facts, selection, told),
    startNanos: told.reduce((least, { sentNanos }) => Math.min(least, sentNanos), selection.startNanos),
    endNanos: selection.endNanos,
    asksForgotten: selection.absence !== undefined,
    isOfAll: selection.isOfAll,
    onlyFirstKill: reach === 'value' || reach === 'operations',
  });
}

/** Of the state before the first operation keeps only the last change, which shows the leader by then. */
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
  told: readonly StoryMessage[],
): ReadonlySet<string> {
  const ends = told.flatMap(({ src, dest }) => [src, dest]);
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
function keptDrafts(drafts: readonly Draft[], most: number, { place }: Finding): readonly Draft[] {
  if (drafts.length <= most) return drafts;
  const latestFirst = drafts.toSorted((a, b) => b.timeNanos - a.timeNanos);
  const tooMany = new Set(latestFirst.filter(isFault).slice(MOST_FAULTS));
  const left = latestFirst.filter((draft) => !tooMany.has(draft));
  const latest = new Set(place === undefined ? [] : left.slice(0, Math.ceil(most / 2)));
  const others = left
    .filter((draft) => !latest.has(draft))
    .toSorted((a, b) => a.weight - b.weight || b.timeNanos - a.timeNanos);
  return [...latest, ...others].slice(0, most);
}

function withoutLoneEnds(drafts: readonly Draft[]): readonly Draft[] {
  const kept = new Set(drafts);
  return drafts.filter(({ end }) => end === undefined || kept.has(end));
}

function verdictDrafts({ verdict, wrong }: Finding, { absence, endNanos }: Selection): readonly Draft[] {
  return [...(absence === undefined ? [] : [absence.text]), ...verdict].map((text) => ({
    // The time of an invalid line is unknown.
    timeNanos: endNanos === -Infinity ? 0 : endNanos,
    weight: OWN,
    kind: 'verdict',
    text: () => text,
    messages: [],
    operations: wrong === undefined ? [] : [wrong],
    arrows: [],
  }));
}

function draftsOfStates(
  { run, nodes }: StoryFacts,
  { aboutStates, place, reach }: Finding,
  { startNanos, endNanos }: Selection,
): readonly Draft[] {
  if (run.states === undefined) return [];
  const told =
    aboutStates !== undefined && place !== undefined
      ? toldStates(run.states, { sentence: aboutStates, nodes, untilNanos: place.timeNanos })
      : reach === 'state'
        ? toldLeaders(run.states, { fromNanos: startNanos, untilNanos: endNanos })
        : [];
  return told.map(({ timeNanos, text }) => ({
    timeNanos,
    weight: OWN,
    kind: 'state',
    text: () => text,
    messages: [],
    operations: [],
    arrows: [],
  }));
}

interface ToldOperation {
  readonly operation: StoryOperation;
  readonly others: readonly Draft[];
}

/** Returns one step if no other step happened during the operation, else one for its beginning and one for its end. */
function draftsOfOperation(
  { messages, operations }: StoryFacts,
  { names }: Finding,
  { values, endNanos }: Selection,
  { operation, others }: ToldOperation,
): readonly Draft[] {
  const { invocation, completion, number, client, node } = operation;
  const requests = operations.requestsOf(operation);
  const replies = requests.flatMap((id) => messages.replyTo(id) ?? []);
  const { begins, ends, answer } = operationWords(operation, values, names?.get(number));
  const end = completion?.time;
  const isOver = end !== undefined && end <= endNanos;
  const isInterrupted = others.some(
    ({ timeNanos }) => timeNanos >= invocation.time && timeNanos < (end ?? Infinity),
  );
  const arrowsOf = (ids: readonly number[], label: string): readonly StoryArrow[] =>
    ids.flatMap((id) => arrowOf(messages.at(id), label, endNanos));
  const about = { operations: [number], weight: OWN };
  const asking = arrowsOf(requests, invocation.f);
  // A late or lost reply did not complete the operation.
  const answering = replies.flatMap((id) =>
    arrowsOf([id], completion?.type === 'info' ? messages.typeOf(id) : (completion?.type ?? '')),
  );
  if (isOver && !isInterrupted) {
    return [
      {
        ...about,
        timeNanos: invocation.time,
        kind: 'operation',
        text: () => `${begins}${ends}`,
        messages: [...requests, ...replies],
        arrows: [...asking, ...answering],
      },
    ];
  }
  const first: Draft = {
    ...about,
    timeNanos: invocation.time,
    kind: 'operation',
    text: () => begins,
    messages: requests,
    arrows: asking,
  };
  if (!isOver) return [first];
  const last: Draft = {
    ...about,
    timeNanos: end,
    kind: 'answer',
    text: () => answer,
    messages: replies,
    arrows: answering,
  };
  return client === '' || node === '' ? [first] : [first, last];
}

function draftOfSendings({ messages }: StoryFacts, { endNanos }: Selection, repeated: Repeated): Draft {
  const { first, all } = repeated;
  const exchanges = all.flatMap((sending) => sending.exchanges);
  const ids = exchanges.flatMap(({ message, answers }) => [message.id, ...answers.map(({ id }) => id)]);
  const arrows = first.exchanges.flatMap(({ message, answers }) => [
    ...arrowOf(message, first.type, endNanos),
    ...answers.flatMap((answer) => arrowOf(answer, messages.typeOf(answer.id), endNanos)),
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

function arrowOf(message: StoryMessage | undefined, label: string, endNanos: number): readonly StoryArrow[] {
  if (message === undefined) return [];
  const { id, src, dest, sentNanos, arrivals, losses } = message;
  const arrow = { message: id, from: src, to: dest, sentNanos, label };
  const inTime = arrivals.filter((time) => time <= endNanos);
  const [loss] = losses;
  if (inTime.length > 0)
    return inTime.slice(0, 3).map((time) => ({ ...arrow, endNanos: time, isLost: false }));
  return [
    loss === undefined || arrivals.length > 0
      ? { ...arrow, endNanos: undefined, isLost: false }
      : { ...arrow, endNanos: loss.timeNanos, isLost: true },
  ];
}

/** Faults whose end says enough by itself: which partition healed, which nodes started again. */
const SAID_BY_ENDS: ReadonlySet<string> = new Set(['partition', 'kill']);

function draftsOfFault(
  facts: StoryFacts,
  fault: ToldFault,
  { absence, endNanos }: Selection,
): readonly Draft[] {
  const { band, nodes } = fault;
  const { kind, about, fromNanos, toNanos } = band;
  const shared = { weight: OWN, messages: [], operations: [], arrows: [] };
  const begin: Draft = {
    ...shared,
    timeNanos: fromNanos,
    kind: 'fault',
    text: () => beginText(fault, facts),
    band: { fault: kind, about, nodes, endNanos: toNanos },
  };
  // A restarted node may send nothing because it has not been sent its topology again.
  const ended = endText(fault, absence === undefined ? undefined : facts.messages);
  if (ended === undefined || toNanos === undefined || toNanos > endNanos) return [begin];
  return [
    begin,
    {
      ...shared,
      timeNanos: toNanos,
      kind: kind === 'kill' ? 'restart' : 'fault',
      text: () => ended,
      ...(SAID_BY_ENDS.has(kind) ? {} : { end: begin }),
    },
  ];
}

/** Returns the context for texts: finds the step whose message was sent later to the same node but arrived earlier. */
function contextOf(
  facts: StoryFacts,
  { values, endNanos }: Selection,
  drafts: readonly Draft[],
): SendingContext {
  const arrived = drafts.flatMap(({ messages, weight }, at) =>
    weight >= STATE
      ? []
      : messages.flatMap((id) => {
          const message = facts.messages.at(id);
          const isAnswer = facts.messages.requestOf(id) !== undefined;
          return message === undefined || isAnswer ? [] : [{ number: at + 1, message }];
        }),
  );
  return {
    facts,
    values,
    endNanos,
    lastBefore: (late, { sinceNanos, untilNanos }) =>
      arrived.findLast(
        ({ message }) =>
          message.id !== late.id &&
          message.dest === late.dest &&
          message.sentNanos > sinceNanos &&
          (message.arrivals[0] ?? Infinity) < untilNanos,
      )?.number,
  };
}
