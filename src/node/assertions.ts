/**
 * What must hold inside the program, said where it is known:
 *
 *     always(leaders.size <= 1, 'one leader a term', { term, leaders: [...leaders] });
 *     sometimes(votes > 0, 'an election takes place');
 *     reachable('an old entry is overwritten');
 *     unreachable('a committed entry is overwritten');
 *
 * The program goes on whatever they say. Each is a line on stderr that Maelstrom reads (docs/writing-nodes.md, "What must
 * hold"), in the real world and in the simulated one. Names are written out where they are used: Maelstrom finds them in the
 * source, and so knows those that never came.
 */
import { stringify } from './json.ts';
import type { Sendable } from './message.ts';

/** What a line on stderr begins with that is for Maelstrom. */
export const MARKER = '@@maelstrom ';

/** What is written of one name in one life of the node: failures up to here, and all else once. */
const MOST_FAILURES = 1000;
/** Longer details are cut. */
const LONGEST_DETAILS = 20_000;

/** How often each name was written, by its kind. */
const written = new Map<string, number>();

/** What must hold whenever this is called. Where it does not, the run is invalid; `details` are shown beside it. */
export function always(condition: unknown, name: string, details?: Sendable): void {
  note('always', name, { holds: Boolean(condition), details });
}

/** What should hold at least once over many runs: shows that a test comes to where a mistake might be. */
export function sometimes(condition: unknown, name: string): void {
  note('sometimes', name, { holds: Boolean(condition) });
}

/** The same for a place in the program: it should be reached at least once. */
export function reachable(name: string): void {
  note('reachable', name, {});
}

/** A place that must never be reached. Where it is, the run is invalid. */
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
  // That something should hold sometimes says nothing when it does not.
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

/** What is no JSON, and what is too long, becomes a text. */
function bounded(details: Sendable): Sendable {
  try {
    const text = stringify(details);
    return text.length <= LONGEST_DETAILS ? details : `${text.slice(0, LONGEST_DETAILS)}...`;
  } catch (error) {
    return `These details are no JSON: ${String(error)}`;
  }
}
