/**
 * What clients do, in every way within small bounds: all words over the alphabet, shortest first; each letter by one of the
 * clients, one client a node; each at once with the letter before it or after it is over.
 *
 * Nodes count as interchangeable: the first letter is at n1, and a node that is new in the word is the next one.
 */
import type { Course, ScriptedOp } from '../run/course.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Alphabet } from './alphabet.ts';

/** From the start of one letter to that of the next, where they do not overlap: much more than a round trip takes. */
export const APART_MS = 200;
/** Before the first, so that nodes that need a leader have one. */
export const SETTLING_MS = 1000;

/** One word, done by certain clients at certain times. */
export interface Scope {
  readonly nodes: readonly string[];
  readonly course: Course;
}

interface Place {
  /** Index of the letter. */
  readonly letter: number;
  readonly thread: number;
  /** Whether it begins together with the one before. */
  readonly together: boolean;
}

/** Deterministic: always the same scopes in the same order. */
export function* scopesOf(
  alphabet: Alphabet,
  { mostNodes, mostOps }: { readonly mostNodes: number; readonly mostOps: number },
): Generator<Scope> {
  for (let length = 1; length <= mostOps; length++) {
    for (let count = Math.min(2, mostNodes); count <= mostNodes; count++) {
      const nodes = Array.from({ length: count }, (_, at) => `n${at + 1}`);
      for (const word of wordsOf(alphabet.letters.length, length, count))
        yield { nodes, course: courseOf(word, alphabet, count) };
    }
  }
}

function* wordsOf(letters: number, length: number, nodes: number): Generator<readonly Place[]> {
  if (length === 0) return yield [];
  for (const before of wordsOf(letters, length - 1, nodes)) {
    const seen = Math.max(-1, ...before.map(({ thread }) => thread));
    for (let letter = 0; letter < letters; letter++) {
      for (let thread = 0; thread <= Math.min(seen + 1, nodes - 1); thread++) {
        yield [...before, { letter, thread, together: false }];
        // A client does one thing at a time: with the one before it is only another client's.
        if (before.length > 0 && before.at(-1)?.thread !== thread)
          yield [...before, { letter, thread, together: true }];
      }
    }
  }
}

function courseOf(word: readonly Place[], { letters, final }: Alphabet, nodes: number): Course {
  const ops: ScriptedOp[] = [];
  let atMs = SETTLING_MS;
  for (const [index, { letter, thread, together }] of word.entries()) {
    if (index > 0 && !together) atMs += APART_MS;
    for (const op of letters[letter]?.(index + 1) ?? [])
      ops.push({ label: ops.length, thread, atNanos: atMs * NANOS_PER_MS, ...op });
  }
  const finalOps: ScriptedOp[] = [];
  for (let thread = 0; thread < nodes; thread++) {
    for (const op of final)
      finalOps.push({ label: ops.length + finalOps.length, thread, atNanos: 0, ...op, final: true });
  }
  return { ops, finalOps, chance: 'calm', faults: [], healing: [], messages: [] };
}

/** How long requests go on: until the last letter has had its time. */
export const secondsOf = ({ course }: Scope): number =>
  ((course.ops.at(-1)?.atNanos ?? 0) / NANOS_PER_MS + 2 * APART_MS) / 1000;
