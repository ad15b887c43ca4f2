/** The chance of a simulated process: what `Math.random` and `crypto` draw depends on the turn, and on how often it drew in that. */
import type { Cause } from '../cause.ts';
import { LEAST, type Chance, type Random } from '../random.ts';

export class TurnChance {
  private cause: Cause = 0;
  private floats: Chance | undefined;
  private words: Chance | undefined;

  constructor(private readonly chances: NodeChances) {}

  begin(cause: Cause): void {
    this.cause = cause;
    this.floats = this.words = undefined;
  }

  float(): number {
    this.floats ??= this.chances.math.at(this.cause);
    return this.floats.float();
  }

  entropy(): number {
    this.words ??= this.chances.crypto.at(this.cause);
    return this.words.uint32();
  }
}

/** What chance is for: draws for one purpose say nothing about those for another. All nodes of a world share them. */
export interface NodeChances {
  readonly costs: Pick<Random, 'at'>;
  readonly math: Random;
  readonly crypto: Random;
  readonly disk: Random;
}

/** In a calm world every turn costs the least. */
export const nodeChances = (random: Random, isCalm: boolean): NodeChances => ({
  costs: isCalm ? { at: () => LEAST } : random.child('costs'),
  math: random.child('math'),
  crypto: random.child('crypto'),
  disk: random.child('disk'),
});
