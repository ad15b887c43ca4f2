/**
 * What becomes of single messages by order, in place of what chance would make of them: how a scenario says which message is
 * lost, late or doubled. Only messages between servers can be meant; those to and from clients take no time and are never lost.
 */
import type { Cause } from '../world/cause.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Packet } from '../world/world.ts';

export type MessageException = {
  /** Of the message: its cause. */
  readonly id: Cause;
  /** Which message that was, for a program that has been changed since: the `nth`, from 0, of that type from there to there. */
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly nth: number;
} & MessageFate;

export type MessageFate =
  | { readonly do: 'drop' }
  /** It arrives that long after it was sent. */
  | { readonly do: 'delay'; readonly ms: number }
  /** It arrives as it would, and a copy of it that long after it was sent. */
  | { readonly do: 'duplicate'; readonly ms: number };

/** What is ordered for one message. */
export interface OrderedJourney {
  readonly dropped: boolean;
  /** How long it takes; undefined where chance decides that. */
  readonly takesNanos: number | undefined;
  /** How long each copy takes. */
  readonly copiesTakeNanos: readonly number[];
}

/** Those of a run, by message. */
export class MessageExceptions {
  private readonly journeys = new Map<Cause, OrderedJourney>();

  constructor(exceptions: readonly MessageException[]) {
    for (const exception of exceptions) {
      const before = this.journeys.get(exception.id) ?? AS_IT_COMES;
      this.journeys.set(exception.id, withFate(before, exception));
    }
  }

  get isEmpty(): boolean {
    return this.journeys.size === 0;
  }

  of({ cause }: Packet): OrderedJourney | undefined {
    return cause === undefined ? undefined : this.journeys.get(cause.id);
  }
}

const AS_IT_COMES: OrderedJourney = { dropped: false, takesNanos: undefined, copiesTakeNanos: [] };

function withFate(journey: OrderedJourney, fate: MessageFate): OrderedJourney {
  switch (fate.do) {
    case 'drop':
      return { ...journey, dropped: true };
    case 'delay':
      return { ...journey, takesNanos: nanosOf(fate) };
    case 'duplicate':
      return { ...journey, copiesTakeNanos: [...journey.copiesTakeNanos, nanosOf(fate)] };
  }
}

const nanosOf = ({ ms }: { readonly ms: number }): number => Math.round(ms * NANOS_PER_MS);
