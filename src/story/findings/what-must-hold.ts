/** What must hold, and did not: assertions of nodes, and invariants over the states of all nodes. */
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import type { ShownProblem } from '../../run/test-results.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { firstLines, LONGEST_LINE } from './first-lines.ts';

const MOST_OPERATIONS = 6;
/** Of one state, and of how many nodes. */
const SHOWN_STATE = 120;
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
  const shown = Object.entries(states).map(
    ([name, state]) => `${shownText(name, 60)}: ${shownText(JSON.stringify(state), SHOWN_STATE)}`,
  );
  return {
    title: `${shownText(invariant, 60)}: ${shownText(message, 100)}`,
    verdict: [
      `After this turn of ${shownText(node, 60)}, ${shownText(invariant, 60)} says: ${shownText(message, LONGEST_LINE)}.`,
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
