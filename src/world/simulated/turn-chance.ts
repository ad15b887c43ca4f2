/** The chance of a simulated process: what `Math.random` and `crypto` draw depends on the turn, and on how often it drew in that. */
import type { Cause } from '../cause.ts';
import { LEAST, type Chance, type Random } from '../random.ts';
import type { TurningPoint } from '../turning-point.ts';

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
  /** For a life that is killed. */
  readonly disk: { at(life: Cause): TornWrite };
}

/** Whether the last write is torn, and how much of it is left. */
export type TornWrite = Pick<Chance, 'boolean' | 'int'>;

/**
 * In a calm world every turn costs the least, until the turning point if there is one, and each kill tears what was not synced: it is
 * the world of `explore`, where a chance that spares it would be the same in all runs.
 */
export const nodeChances = (random: Random, isCalm: boolean, turningPoint?: TurningPoint): NodeChances => ({
  costs: isCalm ? calmCosts(random.child('costs'), turningPoint) : random.child('costs'),
  math: random.child('math'),
  crypto: random.child('crypto'),
  disk: isCalm ? alwaysTorn(random.child('disk')) : random.child('disk'),
});

const alwaysTorn = (random: Random): NodeChances['disk'] => ({
  at: (life) => {
    const chance = random.at(life);
    return { boolean: () => true, int: (bound) => chance.int(bound) };
  },
});

const calmCosts = (random: Random, turningPoint: TurningPoint | undefined): NodeChances['costs'] => ({
  at: (cause) => (turningPoint?.isPast === true ? random.at(cause) : LEAST),
});
