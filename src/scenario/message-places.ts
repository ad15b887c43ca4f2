/**
 * The messages that a scenario makes exceptions of, in a run of a program that may have been changed since. A message whose
 * identity is there no more is taken to be the one in its place: the nth of that type from there to there.
 */
import {
  MessagePlaces,
  placeText,
  type MessageException,
  type MessagePlace,
} from '../network/message-exceptions.ts';
import type { JournalReader } from '../network/journal.ts';
import type { Packet } from '../world/world.ts';

export interface PlacedExceptions {
  /** Those that apply, with the identities of this run. */
  readonly messages: readonly MessageException[];
  /** How many were found by their place only. */
  readonly byPlace: number;
  /** Those that apply to no message of the run. */
  readonly gone: readonly MessageException[];
}

/** Of all messages of a journal, in order. */
export function* placesOf(
  journal: JournalReader,
): Generator<{ readonly place: MessagePlace; readonly packet: Packet }> {
  const places = new MessagePlaces();
  for (let id = 0; id < journal.messageCount; id++) {
    const packet = journal.message(id);
    yield { place: places.next(packet), packet };
  }
}

/** `journal` is that of a run under the scenario as it stands. */
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
