/**
 * What nodes did by themselves: they ended, did not start, or broke the protocol; what must hold among them and does not; and what is
 * wrong in no other way.
 */
import { withoutNote } from '../../checkers/bounded-result.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import type { ShownProblem } from '../../run/test-results.ts';
import { verdictSentence } from '../../run/verdict-sentence.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';

const MOST_OPERATIONS = 6;
/** Of lines that are quoted. */
const LONGEST = 400;
/** Of one state, and of how many nodes. */
const SHOWN_STATE = 120;
const MOST_STATES = 5;

const TITLES: Readonly<Record<string, string>> = {
  crashed: 'ended by itself',
  'not-initialised': 'did not answer init',
  'not-restarted': 'did not start again',
  'set-up-failed': 'did not take part in the set-up',
};

/** The first node that ended, did not start, or says that what must hold does not. */
export function crashFinding(facts: StoryFacts): Finding | undefined {
  const [first, ...others] = withoutNote(facts.run.results.nodes?.problems ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, time } = first;
  const more =
    others.length === 0
      ? undefined
      : `${counted(others.length, 'more problem')} of nodes ${others.length === 1 ? 'is' : 'are'} in the results.`;
  if (kind === 'assertion') return { ...assertionFinding(facts, first), more };
  return {
    title: `${shownText(node, 60)} ${TITLES[kind] ?? shownText(kind, 60)}`,
    verdict: firstLines(message),
    operations: [],
    wrong: undefined,
    values: [],
    reach: 'place',
    place: { node, timeNanos: time },
    more,
  };
}

function assertionFinding(facts: StoryFacts, { node, name = '', message, time }: ShownProblem): Finding {
  return {
    title: `On ${shownText(node, 60)} the assertion "${shownText(name, 100)}" fails`,
    // The log is not part of what happened.
    verdict: firstLines(message).filter((line) => !line.startsWith(`${node}'s log: `)),
    operations: operationsBefore(facts, time),
    wrong: undefined,
    values: [],
    reach: 'state',
    place: { node, timeNanos: time },
  };
}

/** The invariant that failed first, with the states that broke it. */
export function invariantFinding(facts: StoryFacts): Finding | undefined {
  const { invariants } = facts.run.results;
  const [first, ...others] = invariants?.failures ?? [];
  if (first === undefined) return undefined;
  const { invariant, message, node, time, states } = first;
  const shown = Object.entries(states).map(
    ([name, state]) => `${shownText(name, 60)}: ${shownText(JSON.stringify(state), SHOWN_STATE)}`,
  );
  return {
    title: `${shownText(invariant, 60)}: ${shownText(message, 100)}`,
    verdict: [
      `After this turn of ${shownText(node, 60)}, ${shownText(invariant, 60)} says: ${shownText(message, LONGEST)}.`,
      ...(shown.length > MOST_STATES ? [] : [`The states: ${shown.join('; ')}.`]),
    ],
    operations: operationsBefore(facts, time),
    wrong: undefined,
    values: [],
    reach: 'states',
    place: { node, timeNanos: time },
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more invariant')} ${others.length === 1 ? 'fails' : 'fail'}; see the results.`,
  };
}

/** The last that had begun by then. */
const operationsBefore = ({ operations }: StoryFacts, nanos: number): readonly number[] =>
  operations.all
    .filter(({ invocation }) => invocation.time <= nanos)
    .slice(-MOST_OPERATIONS)
    .map(({ number }) => number);

/** The first violation of the protocol, with the message that it is about if one can be found. */
export function protocolFinding({ run, messages }: StoryFacts): Finding | undefined {
  const [first, ...others] = withoutNote(run.results.protocol?.violations ?? []);
  if (first === undefined) return undefined;
  const { node, kind, message, sample } = first;
  const start = sample.slice(0, 80);
  const offending = messages.all.find(
    ({ id, src }) => src === node && start !== '' && messages.textOf(id).includes(start),
  );
  return {
    title: `${shownText(node, 60)} broke the protocol (${shownText(kind, 60)})`,
    verdict: [...firstLines(message), ...(sample === '' ? [] : [`Seen: ${shownText(sample, LONGEST)}`])],
    operations: [],
    wrong: undefined,
    values: [],
    reach: 'place',
    place:
      offending === undefined ? { node, timeNanos: -Infinity } : { node, timeNanos: offending.sentNanos },
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more violation')} ${others.length === 1 ? 'is' : 'are'} in the results.`,
  };
}

/** The verdict's own sentences, where nothing names what to tell. */
export function otherFinding({ run, operations }: StoryFacts): Finding {
  const sentence = verdictSentence(run.spec, run.results, { nodeOf: run.clients.nodeOf });
  const named = (run.evidence?.also ?? []).flatMap((one) =>
    one.operations.flatMap((index) => operations.at(index) ?? []),
  );
  const failed = (
    named.length > 0 ? named : operations.all.filter(({ completion }) => completion?.type !== 'ok')
  ).slice(0, MOST_OPERATIONS);
  return {
    title: `The run of ${shownText(run.spec.workload, 60)} is not valid`,
    verdict: firstLines(sentence),
    operations: failed.map(({ number }) => number),
    wrong: failed.at(-1)?.number,
    values: [],
    reach: 'operations',
  };
}

const firstLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 4)
    .map((line) => shownText(line.trim(), LONGEST));
