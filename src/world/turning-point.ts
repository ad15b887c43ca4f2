/**
 * The moment of a run from which randomness differs. Everything before it is as in the run with the same seed and no
 * turning point; random values after it are drawn anew. This creates the alternative futures of a run, which all share
 * the same past.
 */
import { causeOf, type Cause } from './cause.ts';
import type { Clock } from './clock.ts';

/**
 * A position in a run. What happens exactly at `nanos` is still before it, except messages beyond the number
 * `messages`.
 */
export interface Moment {
  /** Nanoseconds since the first operations could begin. */
  readonly nanos: number;
  /**
   * How many messages have been sent before it, counted from the start of the nodes; by default all that are sent until
   * `nanos`.
   */
  readonly messages?: number;
}

export interface OtherChance {
  readonly after: Moment;
  /** Selects one of the alternative futures. */
  readonly number: number;
}

export class TurningPoint {
  /** Time on the world's clock; Infinity until the first operations may begin. */
  private endNanos = Infinity;
  private hasCome = false;

  constructor(
    private readonly chance: OtherChance,
    private readonly clock: Clock,
  ) {}

  /** Called when the first operations may begin. */
  runBegins(): void {
    this.endNanos = this.clock.nowNanos() + this.chance.after.nanos;
  }

  get isPast(): boolean {
    return (this.hasCome ||= this.clock.nowNanos() > this.endNanos);
  }

  /** Called before a message is sent; `sent` is the number of messages sent so far. */
  beforeMessage(sent: number): void {
    const { messages = Infinity } = this.chance.after;
    if (sent >= messages) this.hasCome = true;
  }

  /** Returns the cause by which to key randomness in place of that one. */
  keyFor(cause: Cause): Cause {
    return this.isPast ? causeOf(cause, 'future', this.chance.number) : cause;
  }
}
