/** What must hold, and did not: assertions of nodes, and invariants over the states of all nodes. */
import { elementsOf, isJsonObject, jsonEquals, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { counted } from '../../protocol/count-text.ts';
import type { ShownProblem } from '../../run/test-results.ts';
import type { Finding } from '../finding.ts';
import { valueInWords } from '../value-text.ts';
import type { StoryFacts } from '../story-facts.ts';
import { firstLines, LONGEST_LINE } from './first-lines.ts';

const MOST_OPERATIONS = 6;
/** An invariant is about what nodes said to each other. */
const MOST_AROUND_STATES = 3;
/** Of more nodes they are not shown. */
const MOST_STATES = 5;
/** Characters of one. */
const SHOWN_STATE = 200;
/** Of a longer list, such as a log, how long it is and what it ends in. */
const SHORT_LIST = 3;

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
  const words = new Set(message.split(/[^\w.-]+/));
  const named = Object.keys(states).filter((name) => words.has(name));
  const names = named.length > 0 ? named : Object.keys(states);
  if (names.length > MOST_STATES) return undefined;
  const shown = names.map((name) => {
    const state = differingFirst(name, names, states);
    return `${shownText(name, 60)}: ${valueInWords(state, undefined, SHOWN_STATE)}`;
  });
  return `The states${names.length < Object.keys(states).length ? ` of ${names.length === 1 ? 'that node' : 'these nodes'}` : ''}: ${shown.join('; ')}.`;
}

function differingFirst(
  name: string,
  names: readonly string[],
  states: Readonly<Record<string, Json>>,
): Json {
  const state = states[name] ?? null;
  if (!isJsonObject(state)) return state;
  const others = names.flatMap((other) => (other === name ? [] : [states[other] ?? null]));
  const isShared = ([field, value]: readonly [string, Json]): boolean =>
    others.length > 0 &&
    others.every((other) => isJsonObject(other) && jsonEquals(other[field] ?? null, value));
  const entries = Object.entries(state);
  return Object.fromEntries(
    [...entries.filter((entry) => !isShared(entry)), ...entries.filter((entry) => isShared(entry))].map(
      ([field, value]) => [field, inBrief(value)],
    ),
  );
}

function inBrief(value: Json): Json {
  const elements = elementsOf(value) ?? [];
  return elements.length > SHORT_LIST ? { count: elements.length, last: elements.at(-1) ?? null } : value;
}

/** The last that had begun by then. */
const operationsBefore = ({ operations }: StoryFacts, nanos: number): readonly number[] =>
  operations.all
    .filter(({ invocation }) => invocation.time <= nanos)
    .slice(-MOST_OPERATIONS)
    .map(({ number }) => number);
