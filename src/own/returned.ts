/** What functions of the user's return. They act at once: nothing waits for a promise, and what it comes to would be lost without a word. */

import type { Json } from '../protocol/json.ts';
import { seen } from './examples.ts';

/** Throws a TypeError for a promise. `part` is what returned it. */
export function refusePromise(part: string, returned: unknown): void {
  if (!(returned instanceof Promise)) return;
  // What it comes to is too late to be of use; a rejection must not end the process.
  returned.catch(() => undefined);
  throw new TypeError(
    `${part} returned a promise, which is not waited for: it must return its result at once. Take out \`async\` and \`await\``,
  );
}

/** What can become a value in a history. Throws a TypeError for what JSON cannot hold. */
export function jsonFrom(part: string, returned: unknown): Json {
  refusePromise(part, returned);
  if (returned === undefined) return null;
  if (!['function', 'symbol', 'bigint'].includes(typeof returned)) return returned as Json; // or is written like it
  throw new TypeError(
    `${part} returned ${typeof returned === 'bigint' ? 'a BigInt' : seen(returned)}; expected a JSON value`,
  );
}
