/**
 * The state that a program shows to observers in the simulation: the result of `globalThis.maelstromInspect`, which the
 * SDK's `node.inspect` sets, as JSON. It is called between turns, and while it runs the harness refuses all calls that would
 * change the run.
 *
 * Maps become objects if all keys are strings, else lists of pairs; sets become lists, and bigints strings.
 */

/** Approximate maximum length of the JSON in characters. */
const BUDGET = 1_000_000;

/** Returns `=` and the state as JSON, `!` and an error text, or undefined if the program shows no state. */
export function look(): string | undefined {
  const { maelstromInspect } = globalThis as { readonly maelstromInspect?: unknown };
  if (maelstromInspect === undefined) return undefined;
  if (typeof maelstromInspect !== 'function') return '!it is no function';
  try {
    const state: unknown = Reflect.apply(maelstromInspect, undefined, []);
    if (state instanceof Promise) return '!it returned a promise; expected the state itself, at once';
    const text = stringify(state, replacer());
    return text === undefined ? `!it returned ${typeof state}, which JSON has not` : `=${text}`;
  } catch (error) {
    return `!${wordsOf(error)}`;
  }
}

// Saved before the program can change them.
const { stringify } = JSON;
const { fromEntries } = Object;

type Replacer = (this: unknown, key: string, value: unknown) => unknown;

/** Returns a replacer that throws as soon as the budget is used up. */
function replacer(): Replacer {
  let left = BUDGET;
  return (key, value) => {
    left -= key.length + (typeof value === 'string' ? value.length : 4);
    if (left < 0)
      throw new RangeError(`the state is larger than ${BUDGET} characters of JSON: show a part of it`);
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Map) return fromMap(value);
    return value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value;
  };
}

function fromMap(map: ReadonlyMap<unknown, unknown>): unknown {
  for (const key of map.keys()) if (typeof key !== 'string') return [...map];
  return fromEntries(map as ReadonlyMap<string, unknown>); // asked in the line before
}

function wordsOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'it threw what cannot be shown';
  }
}
