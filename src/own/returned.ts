/**
 * Validates what functions of the user's return. They must be synchronous: nothing awaits a promise, so its result
 * would be lost silently.
 */

import type { Json } from '../protocol/json.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { seen } from './examples.ts';

/** Describes a value after the word `returned`. */
export const seenReturned = (value: unknown): string => (value === undefined ? 'nothing' : seen(value));

/** Throws a WrongReturn for a promise. `part` names what returned it, `by` is its function. */
export function refusePromise(part: string, returned: unknown, by: unknown): void {
  if (!(returned instanceof Promise)) return;
  // Its result comes too late to be used; a rejection must not end the process.
  returned.catch(() => undefined);
  throw new WrongReturn(
    `${part} returned a promise, which is not awaited: it must return its result synchronously. Remove \`async\` and \`await\``,
    by,
  );
}

/** Returns the value for a history. Throws a WrongReturn if JSON cannot represent it. */
export function jsonFrom(part: string, returned: unknown, by: unknown): Json {
  refusePromise(part, returned, by);
  if (returned === undefined) return null;
  const wrong = notJsonIn(returned, '', []);
  if (wrong === undefined) return returned as Json; // as checked above
  const at = wrong.path === '' ? '' : `a value whose ${wrong.path} is `;
  throw new WrongReturn(`${part} returned ${at}${wrong.is}; expected a JSON value`, by);
}

/** Maximum depth; deeper values are refused. */
const DEEPEST = 200;

/** Returns the first part that JSON cannot represent; fields that are undefined are omitted on writing. */
function notJsonIn(
  value: unknown,
  path: string,
  above: readonly unknown[],
): { readonly path: string; readonly is: string } | undefined {
  switch (typeof value) {
    case 'bigint':
      return { path, is: 'a BigInt' };
    case 'function':
    case 'symbol':
      return { path, is: seen(value) };
    case 'number':
      return Number.isFinite(value) ? undefined : { path, is: String(value) };
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return undefined;
  if (above.includes(value)) return { path, is: 'an object that contains itself' };
  if (above.length > DEEPEST) return { path: '', is: `nested more than ${DEEPEST} deep` };
  const within = [...above, value];
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) {
      const wrong = notJsonIn(item, `${path}[${place}]`, within);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (value instanceof Map || value instanceof Set)
    return {
      path,
      is: `a ${value instanceof Map ? 'Map' : 'Set'}, which JSON writes as {}: make it ${value instanceof Map ? 'an object by Object.fromEntries(...)' : 'a list by [...]'}`,
    };
  for (const [name, item] of Object.entries(value)) {
    const wrong = notJsonIn(item, path === '' ? name : `${path}.${name}`, within);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
