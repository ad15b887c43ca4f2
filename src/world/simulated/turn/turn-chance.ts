/**
 * Randomness of a simulated process: each value of `Math.random` and `crypto` depends on the turn and on how many were
 * drawn in it before.
 */
import type { Cause } from '../../cause.ts';
import { LEAST, type Chance, type Random } from '../../random.ts';
import type { TurningPoint } from '../../turning-point.ts';

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

/** The random streams by purpose: draws for one purpose do not affect another. Shared by all nodes of a world. */
export interface NodeChances {
  readonly costs: Pick<Random, 'at'>;
  readonly math: Random;
  readonly crypto: Random;
  /** Used when a life is killed. */
  readonly disk: { at(life: Cause): TornWrite };
}

/** Decides whether the last write is torn, and how much of it remains. */
export type TornWrite = Pick<Chance, 'boolean' | 'int'>;

/**
 * Returns the streams of a world. In a calm world every turn takes the minimum time, until the turning point if there
 * is one, and each kill tears the write that was not synced. `explore` uses such worlds: a random decision to spare the
 * write would be the same in all its runs.
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
