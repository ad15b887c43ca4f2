/**
 * Assertions inside a program, made where the facts are known:
 *
 *     always(leaders.size <= 1, 'one leader a term', { term, leaders: [...leaders] });
 *     sometimes(votes > 0, 'an election takes place');
 *     reachable('an old entry is overwritten');
 *     unreachable('a committed entry is overwritten');
 *
 * The program continues in any case. Each is a line on stderr that Maelstrom reads (docs/writing-nodes.md, "What must
 * hold"), in the real world and in the simulated one. Names must be string literals: Maelstrom finds them in the
 * source, and so knows which were never reached.
 */
import { stringify } from './json.ts';
import type { Sendable } from './message.ts';

/** The prefix of lines on stderr that are meant for Maelstrom. */
export const MARKER = '@@maelstrom ';

/** Maximum number of failures written per name in one life of the node; everything else is written once. */
const MOST_FAILURES = 1000;
/** Longer details are truncated. */
const LONGEST_DETAILS = 20_000;

/** How often each name was written, by its kind. */
const written = new Map<string, number>();

/** Asserts that a condition holds whenever this is called. If not, the run is invalid, and `details` are shown. */
export function always(condition: unknown, name: string, details?: Sendable): void {
  note('always', name, { holds: Boolean(condition), details });
}

/**
 * Asserts that a condition holds at least once over many runs, which shows that a test reaches the interesting cases.
 */
export function sometimes(condition: unknown, name: string): void {
  note('sometimes', name, { holds: Boolean(condition) });
}

/** Asserts that this place in the program is reached at least once. */
export function reachable(name: string): void {
  note('reachable', name, {});
}

/** Asserts that this place is never reached. Otherwise the run is invalid. */
export function unreachable(name: string, details?: Sendable): void {
  note('unreachable', name, { details });
}

type Kind = 'always' | 'sometimes' | 'reachable' | 'unreachable';

interface Found {
  readonly holds?: boolean;
  readonly details?: Sendable | undefined;
}

function note(kind: Kind, name: unknown, { holds, details }: Found): void {
  if (typeof name !== 'string' || name === '') {
    const form = holds === undefined ? `${kind}(name)` : `${kind}(condition, name)`;
    throw new TypeError(`${form} needs a name, which is a text, but was given ${String(name)}.`);
  }
  // A `sometimes` that does not hold is not evidence of anything.
  if (kind === 'sometimes' && holds === false) return;
  const isFailure = kind === 'unreachable' || holds === false;
  const key = `${kind} ${String(isFailure)} ${name}`;
  const count = written.get(key) ?? 0;
  if (count >= (isFailure ? MOST_FAILURES : 1)) return;
  written.set(key, count + 1);
  const shown = isFailure && details !== undefined ? bounded(details) : undefined;
  const fields = { assert: kind, name, holds, details: shown };
  process.stderr.write(`${MARKER}${stringify(fields)}\n`);
}

/** Turns details that are not JSON or too long into a text. */
function bounded(details: Sendable): Sendable {
  try {
    const text = stringify(details);
    return text.length <= LONGEST_DETAILS ? details : `${text.slice(0, LONGEST_DETAILS)}...`;
  } catch (error) {
    return `These details are no JSON: ${String(error)}`;
  }
}
