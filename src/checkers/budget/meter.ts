/** Counts steps, so that the budget is checked now and then and long work stops when it runs out. */
import type { Budget } from '../checker.ts';

/** Thrown when the budget runs out. `result` turns it into `unknown`. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
}

const STEPS_BETWEEN_QUESTIONS = 1 << 14;

export class Meter {
  readonly #budget: Budget | undefined;
  #left = STEPS_BETWEEN_QUESTIONS;
  /** What is being done, for the message. */
  phase = 'reading the history';

  constructor(budget: Budget | undefined) {
    this.#budget = budget;
  }

  /** Returns a meter of the same budget that is exhausted after at most `steps`. */
  limitedTo(steps: number): Meter {
    return new Meter(limited(this.#budget, steps));
  }

  /** Counts `count` steps. Throws `BudgetExhausted` when the budget has run out. */
  step(count: number): void {
    this.#left -= count;
    if (this.#left > 0) return;
    this.#left = STEPS_BETWEEN_QUESTIONS;
    if (this.#budget?.exhausted() === true) throw new BudgetExhausted(this.phase);
  }
}

/** Returns the same budget, but exhausted after at most `steps`. */
export function limited(budget: Budget | undefined, steps: number): Budget {
  let questions = Math.ceil(steps / STEPS_BETWEEN_QUESTIONS);
  return { exhausted: () => --questions < 0 || budget?.exhausted() === true };
}
