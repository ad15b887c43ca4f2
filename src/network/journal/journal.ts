/**
 * The journal: every message, and what happened to it.
 *
 * A message is stored once; events say when it was sent, received, dropped or duplicated. Writers are called on the hot
 * path. Readers give random access by number, so that a viewer can open millions of events.
 */
import type { Packet } from '../../world/world.ts';

/** What happened to a message. Times are nanoseconds since the run began. */
export type JournalEvent =
  | { readonly kind: 'sent'; readonly timeNanos: number; readonly messageId: number }
  | { readonly kind: 'received'; readonly timeNanos: number; readonly messageId: number }
  /** Lost on its way, with the reason: `partition`, `gone` (the endpoint no longer exists), ... */
  | {
      readonly kind: 'dropped';
      readonly timeNanos: number;
      readonly messageId: number;
      readonly reason: string;
    }
  /** The number of extra copies that were sent in addition to the message itself. */
  | {
      readonly kind: 'duplicated';
      readonly timeNanos: number;
      readonly messageId: number;
      readonly copies: number;
    };

/**
 * Records events. `sent` comes first for every message, with ids 0, 1, 2, ... The body's bytes are valid during the
 * call only.
 */
export interface Journal {
  sent(timeNanos: number, packet: Packet): void;
  received(timeNanos: number, packet: Packet): void;
  dropped(timeNanos: number, packet: Packet, reason: string): void;
  duplicated(timeNanos: number, packet: Packet, copies: number): void;
  /** Makes everything recorded so far visible to readers. */
  flush(): void;
  close(): void;
}

/** Reads a journal, even while it grows. Events and messages are numbered from 0. */
export interface JournalReader {
  readonly eventCount: number;
  readonly messageCount: number;
  /** Throws a RangeError when there is no such event. */
  event(number: number): JournalEvent;
  /** Throws a RangeError when there is no such message. */
  message(id: number): Packet;
  close(): void;
}

/** A journal that stores nothing. */
export const NO_JOURNAL: Journal = {
  sent() {},
  received() {},
  dropped() {},
  duplicated() {},
  flush() {},
  close() {},
};
