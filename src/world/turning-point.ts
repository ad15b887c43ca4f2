/**
 * The moment of a run from which chance is another: what comes before it is as in the run with the same seed and without a turning
 * point, what comes after it is drawn anew. So the futures of a run are made, which all begin with the same past.
 */
import { causeOf, type Cause } from './cause.ts';
import type { Clock } from './clock.ts';

/** A place in a run. What happens at that very instant is still before it, but for messages of higher numbers. */
export interface Moment {
  /** Since the first operations could begin. */
  readonly nanos: number;
  /** How many messages have been sent by then, from the start of the nodes; without it, all that are sent until `nanos`. */
  readonly messages?: number;
}

export interface OtherChance {
  readonly after: Moment;
  /** Selects one of the futures. */
  readonly number: number;
}

export class TurningPoint {
  /** On the world's clock; unknown until the first operations may begin. */
  private endNanos = Infinity;
  private hasCome = false;

  constructor(
    private readonly chance: OtherChance,
    private readonly clock: Clock,
  ) {}

  /** The first operations may begin now. */
  runBegins(): void {
    this.endNanos = this.clock.nowNanos() + this.chance.after.nanos;
  }

  get isPast(): boolean {
    return (this.hasCome ||= this.clock.nowNanos() > this.endNanos);
  }

  /** That many messages were sent, and now comes one more. */
  beforeMessage(sent: number): void {
    const { messages = Infinity } = this.chance.after;
    if (sent >= messages) this.hasCome = true;
  }

  /** What chance is keyed by in place of that cause. */
  keyFor(cause: Cause): Cause {
    return this.isPast ? causeOf(cause, 'future', this.chance.number) : cause;
  }
}
