/**
 * The operations that `explore` tries on a workload: few keys, and values that distinguish writes. A letter is what one
 * client does in one go; the words are all short sequences of letters.
 */
import type { Json } from '../protocol/json.ts';

export interface LetterOp {
  readonly f: string;
  readonly value: Json;
}

export interface Letter {
  /** `n` is the position in the word, from 1, for values that must differ. */
  readonly ops: (n: number) => readonly LetterOp[];
  /** True when its values depend on those of other letters, so that letters cannot be reordered. */
  readonly refersToOthers?: true;
}

export interface Alphabet {
  readonly letters: readonly Letter[];
  /** What each client does after the word, before faults are healed: its results must be right already. */
  readonly probe?: readonly LetterOp[];
  /** What each client does at the end. */
  readonly final: readonly LetterOp[];
}
