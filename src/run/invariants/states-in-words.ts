/**
 * The states of several nodes in words, for comparison: fields that differ come first, and long lists such as logs are
 * abbreviated.
 */
import { elementsOf, isJsonObject, jsonEquals, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { valueInWords, wholeInWords } from '../../protocol/value-text.ts';

/** Maximum length in characters of one state. */
const SHOWN_STATE = 200;
/**
 * Maximum number of elements of a list shown in full; of a longer one, such as a log, the length and the last element
 * are shown.
 */
const SHORT_LIST = 3;

/** Returns `n1: {term: 2, ...}` for each of `names`. */
export function statesInWords(
  names: readonly string[],
  states: Readonly<Record<string, Json>>,
): readonly string[] {
  return names.map((name) => {
    const whole = wholeInWords(inOrder(name, names, states), SHOWN_STATE);
    const shown = whole ?? valueInWords(inBrief(inOrder(name, names, states)), undefined, SHOWN_STATE);
    return `${shownText(name, 60)}: ${shown}`;
  });
}

/** Returns the fields with those that differ first. */
function inOrder(name: string, names: readonly string[], states: Readonly<Record<string, Json>>): Json {
  const state = states[name] ?? null;
  if (!isJsonObject(state)) return state;
  const others = names.flatMap((other) => (other === name ? [] : [states[other] ?? null]));
  const isShared = ([field, value]: readonly [string, Json]): boolean =>
    others.length > 0 &&
    others.every((other) => isJsonObject(other) && jsonEquals(other[field] ?? null, value));
  const entries = Object.entries(state);
  return Object.fromEntries([
    ...entries.filter((entry) => !isShared(entry)),
    ...entries.filter((entry) => isShared(entry)),
  ]);
}

/** Returns the state with its long lists abbreviated. */
function inBrief(state: Json): Json {
  if (!isJsonObject(state)) return state;
  return Object.fromEntries(
    Object.entries(state).map(([field, value]) => {
      const elements = elementsOf(value) ?? [];
      return [
        field,
        elements.length > SHORT_LIST ? { count: elements.length, last: elements.at(-1) ?? null } : value,
      ];
    }),
  );
}
