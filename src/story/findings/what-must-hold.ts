/** What must hold, and did not: assertions of nodes, and invariants over the states of all nodes. */
import type { Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import type { ShownProblem } from '../../run/test-results.ts';
import type { Finding } from '../finding.ts';
import { statesInWords } from '../../run/states-in-words.ts';
import type { StoryFacts } from '../story-facts.ts';
import { namedIn } from '../state-steps.ts';
import { firstLines, LONGEST_LINE } from './first-lines.ts';

const MOST_OPERATIONS = 6;
/** An invariant is about what nodes said to each other. */
const MOST_AROUND_STATES = 3;
/** Of more nodes they are not shown. */
const MOST_STATES = 5;

/** What its node had taken in by then. */
export function assertionFinding(
  facts: StoryFacts,
  { node, name = '', message, time }: ShownProblem,
): Finding {
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
  const shown = statesText(message, states);
  return {
    title: `${shownText(invariant, 60)}: ${shownText(message, 100)}`,
    verdict: [
      `After this turn of ${shownText(node, 60)}, ${shownText(invariant, 60)} says: ${shownText(message, LONGEST_LINE)}.`,
      ...(shown === undefined ? [] : [shown]),
    ],
    operations: operationsBefore(facts, time).slice(-MOST_AROUND_STATES),
    wrong: undefined,
    values: [],
    reach: 'states',
    aboutStates: message,
    place: { node, timeNanos: time },
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more invariant')} ${others.length === 1 ? 'fails' : 'fail'}; see the results.`,
  };
}

/** Those of the nodes that the message names, or of all; of several first what differs. */
function statesText(message: string, states: Readonly<Record<string, Json>>): string | undefined {
  const named = namedIn(message, Object.keys(states));
  const names = named.length > 0 ? named : Object.keys(states);
  if (names.length > MOST_STATES) return undefined;
  const shown = statesInWords(names, states);
  return `The states${names.length < Object.keys(states).length ? ` of ${names.length === 1 ? 'that node' : 'these nodes'}` : ''}: ${shown.join('; ')}.`;
}

/** The last that had begun by then. */
const operationsBefore = ({ operations }: StoryFacts, nanos: number): readonly number[] =>
  operations.all
    .filter(({ invocation }) => invocation.time <= nanos)
    .slice(-MOST_OPERATIONS)
    .map(({ number }) => number);
