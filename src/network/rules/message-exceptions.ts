/**
 * Decides the fate of single messages explicitly instead of at random: this is how a scenario says which message is
 * lost, late or duplicated. Covers only messages between servers, since those to and from clients take no time and are
 * never lost.
 */
import type { Cause } from '../../world/cause.ts';
import { NANOS_PER_MS } from '../../world/clock.ts';
import type { Packet } from '../../world/world.ts';
import { messageType } from '../message-type.ts';

export type MessageException = {
  /** The message's cause. Without it, the message is identified by its place. */
  readonly id?: Cause | undefined;
  /** Its place: the `nth` message, from 0, of that type on that link. Copies do not count. */
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly nth: number;
} & MessageFate;

export type MessageFate =
  | { readonly do: 'drop' }
  /** Arrives after a random latency; no fault loses, delays or duplicates it. */
  | { readonly do: 'deliver' }
  /** Arrives `ms` milliseconds after it was sent. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Arrives as usual, and a copy arrives `ms` milliseconds after it was sent. */
  | { readonly do: 'duplicate'; readonly ms: number };

/** The explicit decisions for one message. */
export interface OrderedJourney {
  readonly dropped: boolean;
  /** True when no rule applies on arrival either. */
  readonly isSpared: boolean;
  /** How long it takes; undefined if drawn at random. */
  readonly takesNanos: number | undefined;
  /** How long each copy takes, in nanoseconds. */
  readonly copiesTakeNanos: readonly number[];
}

/** The exceptions of a run, by message. */
export class MessageExceptions {
  private readonly byId = new Map<Cause, OrderedJourney>();
  /** Indexed by the text of the place. */
  private readonly byPlace = new Map<string, OrderedJourney>();
  private readonly places = new MessagePlaces();

  constructor(exceptions: readonly MessageException[]) {
    for (const exception of exceptions) {
      const { id } = exception;
      if (id !== undefined) this.byId.set(id, withFate(this.byId.get(id) ?? AS_IT_COMES, exception));
      else {
        const place = placeText(exception);
        this.byPlace.set(place, withFate(this.byPlace.get(place) ?? AS_IT_COMES, exception));
      }
    }
  }

  get isEmpty(): boolean {
    return this.byId.size === 0 && this.byPlace.size === 0;
  }

  /** Must be called once for every message, in the order in which they are sent. */
  of(packet: Packet): OrderedJourney | undefined {
    const placed =
      this.byPlace.size === 0 ? undefined : this.byPlace.get(placeText(this.places.next(packet)));
    return (packet.cause === undefined ? undefined : this.byId.get(packet.cause.id)) ?? placed;
  }
}

/** Identifies a message by other means than its cause. */
export type MessagePlace = Pick<MessageException, 'from' | 'to' | 'type' | 'nth'>;

/** Counts messages by sender, receiver and type. */
export class MessagePlaces {
  private readonly counts = new Map<string, number>();

  next(packet: Packet): MessagePlace {
    const { src: from, dest: to } = packet;
    const type = messageType(packet.body) ?? '';
    const key = JSON.stringify([from, to, type]);
    const nth = this.counts.get(key) ?? 0;
    this.counts.set(key, nth + 1);
    return { from, to, type, nth };
  }
}

export const placeText = ({ from, to, type, nth }: MessagePlace): string =>
  JSON.stringify([from, to, type, nth]);

const AS_IT_COMES: OrderedJourney = {
  dropped: false,
  isSpared: false,
  takesNanos: undefined,
  copiesTakeNanos: [],
};

function withFate(journey: OrderedJourney, fate: MessageFate): OrderedJourney {
  switch (fate.do) {
    case 'drop':
      return { ...journey, dropped: true };
    case 'deliver':
      return { ...journey, isSpared: true };
    case 'delay':
      return { ...journey, takesNanos: nanosOf(fate) };
    case 'duplicate':
      return { ...journey, copiesTakeNanos: [...journey.copiesTakeNanos, nanosOf(fate)] };
  }
}

const nanosOf = ({ ms }: { readonly ms: number }): number => Math.round(ms * NANOS_PER_MS);
