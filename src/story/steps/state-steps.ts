/**
 * State changes as steps of a story about an invariant: when a node that the sentence names entered the role it had then, or
 * reached a value that the sentence names. This knows no protocol: for `n2 leads in term 4 without the entry at index 12` it
 * looks for 4 in the field `term`, and for 12 in the others.
 */
import { isJsonInteger, jsonEquals, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { StateChange } from '../../protocol/state-change.ts';
import { brief } from '../text/words.ts';

export interface StatesOfSentence {
  /** The sentence about the invalid states. */
  readonly sentence: string;
  readonly nodes: readonly string[];
  readonly untilNanos: number;
}

export interface StateStep {
  readonly timeNanos: number;
  readonly node: string;
  readonly text: string;
}

/** Maximum number of word fields shown per node. */
const MOST_WORDS = 2;
const MOST_FALLS = 2;
const MOST_REACHED = 2;
const LONGEST_WORD = 40;

export function stateSteps(
  changes: readonly StateChange[],
  { sentence, nodes, untilNanos }: StatesOfSentence,
): readonly StateStep[] {
  return namedIn(sentence, nodes)
    .flatMap((node) => {
      const own = changes.filter((change) => change.node === node && change.time <= untilNanos);
      return statesOf(node, own, numbersIn(sentence));
    })
    .toSorted((a, b) => a.timeNanos - b.timeNanos);
}

/** Names of the role of the node that decides. */
const LEADING = /^(?:leader|primary|master|coordinator)$/i;
/** Maximum number of steps in which nodes begin to lead. */
const MOST_LEADERS = 4;

/**
 * Returns when nodes began to lead: within the period, and, if they still lead at its end, also before. Two of them at once
 * explain most answers that are too old.
 */
export function leaderSteps(
  changes: readonly StateChange[],
  { fromNanos, untilNanos }: { readonly fromNanos: number; readonly untilNanos: number },
): readonly StateStep[] {
  const states = new Map<string, Map<string, Json>>();
  const began: (StateStep & { readonly field: string })[] = [];
  for (const change of changes) {
    if (change.time > untilNanos) continue;
    const { node, time: timeNanos } = change;
    const state = states.get(node) ?? new Map<string, Json>();
    states.set(node, state);
    if (change.kind !== 'set') {
      state.clear();
      continue;
    }
    const before = new Map(state);
    for (const [field, value] of Object.entries(change.fields)) state.set(field, value);
    const field = Object.keys(change.fields).find(
      (name) => isLeading(state.get(name)) && !isLeading(before.get(name)),
    );
    if (field !== undefined) began.push({ timeNanos, node, field, text: stateText(node, state, field) });
  }
  return began
    .filter(
      ({ node, field, timeNanos }, at) =>
        timeNanos >= fromNanos ||
        (isLeading(states.get(node)?.get(field)) &&
          !began.slice(at + 1).some((later) => later.node === node)),
    )
    .slice(-MOST_LEADERS);
}

const isLeading = (value: Json | undefined): boolean => typeof value === 'string' && LEADING.test(value);

/** Returns those of the nodes that the sentence names. */
export function namedIn(sentence: string, nodes: readonly string[]): readonly string[] {
  const words = new Set(sentence.split(/[^\w.-]+/));
  return nodes.filter((node) => words.has(node));
}

interface Named {
  readonly word: string;
  readonly number: number;
}

/** Finds names with numbers: `index 12`, `term 2`. */
const numbersIn = (sentence: string): readonly Named[] =>
  [...sentence.matchAll(/([A-Za-z]+) (\d+)(?![\w.-])/g)].map(([, word = '', number]) => ({
    word,
    number: Number(number),
  }));

function statesOf(
  node: string,
  changes: readonly StateChange[],
  numbers: readonly Named[],
): readonly StateStep[] {
  const state = new Map<string, Json>();
  const fields = new Set(
    changes.flatMap((change) => (change.kind === 'set' ? Object.keys(change.fields) : [])),
  );
  const isOwn = ({ word }: Named): boolean => fields.has(word);
  const numbersFor = (field: string): readonly number[] =>
    numbers
      .filter((one) => (isOwn(one) ? one.word === field : !numbers.some(({ word }) => word === field)))
      .map(({ number }) => number);
  const changed: StateStep[] = [];
  const fallen: StateStep[] = [];
  const reached: StateStep[] = [];
  for (const change of changes) {
    if (change.kind !== 'set') {
      // A restarted node reports its whole state again.
      state.clear();
      continue;
    }
    const before = new Map(state);
    for (const [field, value] of Object.entries(change.fields)) {
      if (value === null) state.delete(field);
      else state.set(field, value);
    }
    for (const [field, value] of Object.entries(change.fields)) {
      const last = before.get(field);
      const step = { timeNanos: change.time, node, text: stateText(node, state, field) };
      if (last === undefined) continue;
      if (isWord(value) && isWord(last) && value !== last) changed.push(step);
      const [was, is] = [last, value].map(numberOf);
      if (was === undefined || is === undefined || was === is) continue;
      if (is < was)
        fallen.push({ ...step, text: `${step.text}, and had ${shownText(field, 40)} ${was} before` });
      else if (numbersFor(field).some((number) => was < number && number <= is)) reached.push(step);
    }
  }
  const all = [...changed.slice(-MOST_WORDS), ...fallen.slice(-MOST_FALLS), ...reached.slice(-MOST_REACHED)];
  // Fields that change at the same time share one step.
  return all.filter(({ timeNanos }, at) => all.findIndex((other) => other.timeNanos === timeNanos) === at);
}

/** Shows the changed field first; lists and maps are shown only on the page. */
function stateText(node: string, state: ReadonlyMap<string, Json>, field: string): string {
  const short = [...state].filter(
    ([name, value]) => name !== field && (isWord(value) || numberOf(value) !== undefined),
  );
  const shown = [[field, state.get(field) ?? null] as const, ...short].map(
    ([name, value]) =>
      `${shownText(name, 40)} ${isWord(value) ? shownText(value, LONGEST_WORD) : brief(value)}`,
  );
  return `${node}'s state is now: ${shown.slice(0, 6).join(', ')}`;
}

const isWord = (value: Json): value is string => typeof value === 'string' && value.length <= LONGEST_WORD;
const numberOf = (value: Json): number | undefined =>
  isJsonInteger(value) && !jsonEquals(value, null) ? Number(value) : undefined;
