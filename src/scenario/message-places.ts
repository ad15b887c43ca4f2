/**
 * Finds the messages that the exceptions of a scenario apply to, in a run of a program that may have changed since. If
 * a message's identity no longer exists, the message at its place is used: the nth of its type on the same link.
 */
import {
  MessagePlaces,
  placeText,
  type MessageException,
  type MessagePlace,
} from '../network/rules/message-exceptions.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import type { Packet } from '../world/world.ts';

export interface PlacedExceptions {
  /** The exceptions that apply, with identities of this run. */
  readonly messages: readonly MessageException[];
  /** Number of exceptions matched by place only. */
  readonly byPlace: number;
  /** The exceptions that match no message of the run. */
  readonly gone: readonly MessageException[];
}

/** Yields each message of a journal with its place, in order. */
export function* placesOf(
  journal: JournalReader,
): Generator<{ readonly place: MessagePlace; readonly packet: Packet }> {
  const places = new MessagePlaces();
  for (let id = 0; id < journal.messageCount; id++) {
    const packet = journal.message(id);
    yield { place: places.next(packet), packet };
  }
}

/** `journal` is the journal of a run under the scenario without changes. */
export function placeExceptions(
  exceptions: readonly MessageException[],
  journal: JournalReader,
): PlacedExceptions {
  const there = new Set<number>();
  const byPlace = new Map<string, number>();
  for (const { place, packet } of placesOf(journal)) {
    if (packet.cause === undefined) continue;
    there.add(packet.cause.id);
    byPlace.set(placeText(place), packet.cause.id);
  }
  const messages: MessageException[] = [];
  const gone: MessageException[] = [];
  let replaced = 0;
  for (const exception of exceptions) {
    const id = byPlace.get(placeText(exception));
    if (exception.id !== undefined && there.has(exception.id)) {
      messages.push(exception);
    } else if (id !== undefined) {
      if (exception.id !== undefined) replaced++;
      messages.push({ ...exception, id });
    } else {
      gone.push(exception);
    }
  }
  return { messages, byPlace: replaced, gone };
}
