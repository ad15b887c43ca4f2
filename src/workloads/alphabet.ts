/**
 * The operations that exploring tries of a workload: few keys, values that tell writes apart. A letter is what one client does in
 * one go; the words are all short sequences of letters.
 */
import type { Json } from '../protocol/json.ts';

export interface LetterOp {
  readonly f: string;
  readonly value: Json;
}

export interface Letter {
  /** `n` is the place in the word, from 1, for values that must differ. */
  readonly ops: (n: number) => readonly LetterOp[];
  /** Its values depend on those of other letters, so that letters may not change places with each other. */
  readonly refersToOthers?: true;
}

export interface Alphabet {
  readonly letters: readonly Letter[];
  /** What each client does after the word, before faults are healed: what it then sees must be right already. */
  readonly probe?: readonly LetterOp[];
  /** What each client does in the end. */
  readonly final: readonly LetterOp[];
}
