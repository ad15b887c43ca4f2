/**
 * Tries to show that a register is linearizable although values that were read were written several times: guesses which of
 * the writes of its value each read saw, and checks the history with a value for each write (`unique-writes.ts`). A guess
 * that fits is a linearization; one that does not proves nothing.
 *
 *     p0  |- write 1 -|                  |- write 1 -|
 *     p1        |- write 2 -|     |--- read -> 1 ---|      can have seen either; with the second it happens at one
 *                                                          instant, and the register is free before and after
 */
import type { ObjectEvents } from '../object-events.ts';
import { guessFirst } from './first-guess.ts';
import { mendGuess } from './mended-guess.ts';
import { PossibleWrites } from './possible-writes.ts';
import { SeenWrites } from './seen-writes.ts';
import type { RegisterKinds } from './unique-writes.ts';

export class WriteGuess {
  private readonly seen: SeenWrites;
  private readonly isComplete: boolean;

  constructor(history: ObjectEvents, register: RegisterKinds, possible: PossibleWrites) {
    this.seen = new SeenWrites(history, register, possible);
    this.isComplete = guessFirst(this.seen);
  }

  /** Returns the operations in an order that explains all of them; undefined if the guess does not fit. */
  linearization(): readonly number[] | undefined {
    return this.isComplete ? this.seen.linearization() : undefined;
  }

  mend(): void {
    if (this.isComplete) mendGuess(this.seen);
  }
}

/** Returns a linearization if a guess fits, mended or not. */
export function orderByGuess(history: ObjectEvents, register: RegisterKinds): readonly number[] | undefined {
  const guess = new WriteGuess(history, register, new PossibleWrites(history, register));
  const order = guess.linearization();
  if (order !== undefined) return order;
  guess.mend();
  return guess.linearization();
}
