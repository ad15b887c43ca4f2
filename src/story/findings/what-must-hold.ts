/** Failed assertions of nodes, and broken invariants over the states of all nodes. */
import type { Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import type { ShownProblem } from '../../run/verdict/test-results.ts';
import type { Finding } from '../finding.ts';
import { statesInWords } from '../../run/invariants/states-in-words.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { namedIn } from '../steps/state-steps.ts';
import { firstLines, LONGEST_LINE } from './first-lines.ts';

const MOST_OPERATIONS = 6;
/** Maximum number of operations in the story of an invariant, which is mostly about messages between nodes. */
const MOST_AROUND_STATES = 3;
/** Maximum number of nodes whose states are shown. */
const MOST_STATES = 5;

/** The story of a failed assertion is what its node had received by then. */
export function assertionFinding(
  facts: StoryFacts,
  { node, name = '', message, time }: ShownProblem,
): Finding {
  return {
    title: `On ${shownText(node, 60)} the assertion "${shownText(name, 100)}" fails`,
    // The node's log is not part of the story.
    verdict: firstLines(message).filter((line) => !line.startsWith(`${node}'s log: `)),
    operations: operationsBefore(facts, time),
    wrong: undefined,
    values: [],
    reach: 'state',
    moment: { node, timeNanos: time },
  };
}

/** Returns the invariant that failed first, with the states that broke it. */
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
    moment: { node, timeNanos: time },
    more:
      others.length === 0
        ? undefined
        : `${counted(others.length, 'more invariant')} ${others.length === 1 ? 'fails' : 'fail'}; see the results.`,
  };
}

/** Returns the states of the nodes that the message names, or of all; differing fields come first. */
function statesText(message: string, states: Readonly<Record<string, Json>>): string | undefined {
  const named = namedIn(message, Object.keys(states));
  const names = named.length > 0 ? named : Object.keys(states);
  if (names.length > MOST_STATES) return undefined;
  const shown = statesInWords(names, states);
  return `The states${names.length < Object.keys(states).length ? ` of ${names.length === 1 ? 'that node' : 'these nodes'}` : ''}: ${shown.join('; ')}.`;
}

/** Returns the last operations that had begun by then. */
const operationsBefore = ({ operations }: StoryFacts, nanos: number): readonly number[] =>
  operations.all
    .filter(({ invocation }) => invocation.time <= nanos)
    .slice(-MOST_OPERATIONS)
    .map(({ number }) => number);
