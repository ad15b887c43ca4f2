/**
 * The state of a node as results keep it. Of one that is too long, such as a node's whole log, long fields are
 * shortened, so that the others still show what was wrong.
 */
import {
  elementsOf,
  isJsonObject,
  parseJson,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** Maximum length of a state as JSON. */
export const LONGEST_STATE = 20_000;
/** Maximum length of what is shown of a value in its place. */
const BRIEF = 200;

/** `text` is the state as JSON. */
export function boundedState(text: string): Json {
  try {
    const state = parseJson(text);
    if (text.length <= LONGEST_STATE) return state;
    if (isJsonObject(state)) return withoutLongFields(state);
  } catch {
    // Nested more deeply than messages may be.
  }
  return shownText(text, LONGEST_STATE);
}

/** Shortens the longest fields first, until the state is short enough; then leaves fields out. */
function withoutLongFields(state: JsonObject): Json {
  const entries = Object.entries(state).map(([name, value]) => ({
    name: shownText(name, BRIEF),
    value,
    length: name.length + stringifyJson(value).length,
  }));
  let length = entries.reduce((sum, entry) => sum + entry.length, 0);
  const shortened = new Set<string>();
  for (const entry of entries.toSorted((a, b) => b.length - a.length)) {
    if (length <= LONGEST_STATE || entry.length <= BRIEF) break;
    shortened.add(entry.name);
    length -= entry.length - BRIEF;
  }
  const kept = entries.slice(0, Math.floor(LONGEST_STATE / BRIEF));
  const left = entries.length - kept.length;
  return Object.fromEntries([
    ...kept.map(({ name, value }) => [name, shortened.has(name) ? brief(value) : value] as const),
    ...(left === 0 ? [] : [['...', `${left} more fields`] as const]),
  ]);
}

/** Shortens a list to its length and its end, which in a log is the newest part. */
function brief(value: Json): Json {
  const elements = elementsOf(value);
  if (elements === undefined)
    return shownText(typeof value === 'string' ? value : stringifyJson(value), BRIEF);
  const last = elements.at(-1) ?? null;
  return { count: elements.length, last: stringifyJson(last).length > BRIEF ? brief(last) : last };
}
