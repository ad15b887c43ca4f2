/**
 * What nodes said of their states, as steps of a story of what must hold: when a node that the sentence names became what it was then,
 * or came to what the sentence names. No protocol is known here: of `n2 leads in term 4 without the entry at index 12` the field
 * `term` is asked for 4, and the others for 12.
 */
import { isJsonInteger, jsonEquals, type Json } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { StateChange } from '../protocol/state-change.ts';
import { brief } from './words.ts';

export interface StatesAsked {
  /** What was wrong with the states. */
  readonly sentence: string;
  readonly nodes: readonly string[];
  readonly untilNanos: number;
}

export interface ToldState {
  readonly timeNanos: number;
  readonly node: string;
  readonly text: string;
}

/** Of each node. */
const MOST_WORDS = 2;
const MOST_FALLS = 2;
const MOST_REACHED = 2;
const LONGEST_WORD = 40;

export function toldStates(
  changes: readonly StateChange[],
  { sentence, nodes, untilNanos }: StatesAsked,
): readonly ToldState[] {
  return namedIn(sentence, nodes)
    .flatMap((node) => {
      const own = changes.filter((change) => change.node === node && change.time <= untilNanos);
      return statesOf(node, own, numbersIn(sentence));
    })
    .toSorted((a, b) => a.timeNanos - b.timeNanos);
}

/** Of these nodes. */
export function namedIn(sentence: string, nodes: readonly string[]): readonly string[] {
  const words = new Set(sentence.split(/[^\w.-]+/));
  return nodes.filter((node) => words.has(node));
}

interface Named {
  readonly word: string;
  readonly number: number;
}

/** `index 12`, `term 2`. */
const numbersIn = (sentence: string): readonly Named[] =>
  [...sentence.matchAll(/([A-Za-z]+) (\d+)(?![\w.-])/g)].map(([, word = '', number]) => ({
    word,
    number: Number(number),
  }));

function statesOf(
  node: string,
  changes: readonly StateChange[],
  numbers: readonly Named[],
): readonly ToldState[] {
  const state = new Map<string, Json>();
  const fields = new Set(
    changes.flatMap((change) => (change.kind === 'set' ? Object.keys(change.fields) : [])),
  );
  const isOwn = ({ word }: Named): boolean => fields.has(word);
  const askedOf = (field: string): readonly number[] =>
    numbers
      .filter((one) => (isOwn(one) ? one.word === field : !numbers.some(({ word }) => word === field)))
      .map(({ number }) => number);
  const changed: ToldState[] = [];
  const fallen: ToldState[] = [];
  const reached: ToldState[] = [];
  for (const change of changes) {
    if (change.kind !== 'set') {
      // What begins again says its state anew.
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
      const told = { timeNanos: change.time, node, text: stateText(node, state, field) };
      if (last === undefined) continue;
      if (isWord(value) && isWord(last) && value !== last) changed.push(told);
      const [was, is] = [last, value].map(numberOf);
      if (was === undefined || is === undefined || was === is) continue;
      if (is < was)
        fallen.push({ ...told, text: `${told.text}, and had ${shownText(field, 40)} ${was} before` });
      else if (askedOf(field).some((number) => was < number && number <= is)) reached.push(told);
    }
  }
  const all = [...changed.slice(-MOST_WORDS), ...fallen.slice(-MOST_FALLS), ...reached.slice(-MOST_REACHED)];
  // Of several fields that change at once one step tells.
  return all.filter(({ timeNanos }, at) => all.findIndex((other) => other.timeNanos === timeNanos) === at);
}

/** What changed first; lists and maps are left to the page. */
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
