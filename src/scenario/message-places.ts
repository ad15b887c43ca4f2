/**
 * The messages that a scenario makes exceptions of, in a run of a program that may have been changed since. A message whose
 * identity is there no more is taken to be the one in its place: the nth of that type from there to there.
 */
import type { MessageException } from '../network/message-exceptions.ts';
import type { JournalReader } from '../network/journal.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import type { Packet } from '../world/world.ts';

export interface PlacedExceptions {
  /** Those that apply, with the identities of this run. */
  readonly messages: readonly MessageException[];
  /** How many were found by their place only. */
  readonly byPlace: number;
  /** Those that apply to no message of the run. */
  readonly gone: readonly MessageException[];
}

/** What a message is called beside its identity. */
export type MessagePlace = Pick<MessageException, 'from' | 'to' | 'type' | 'nth'>;

/** Of all messages of a journal, in order. */
export function* placesOf(
  journal: JournalReader,
): Generator<{ readonly place: MessagePlace; readonly packet: Packet }> {
  const counts = new Map<string, number>();
  for (let id = 0; id < journal.messageCount; id++) {
    const packet = journal.message(id);
    const { src: from, dest: to } = packet;
    const type = typeOf(packet);
    const key = JSON.stringify([from, to, type]);
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    yield { place: { from, to, type, nth }, packet };
  }
}

/** Of its body; empty where it has none. */
function typeOf({ body }: Packet): string {
  try {
    const read = parseJson(body.toString());
    const type = isJsonObject(read) ? read['type'] : undefined;
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
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
    byPlace.set(keyOf(place), packet.cause.id);
  }
  const messages: MessageException[] = [];
  const gone: MessageException[] = [];
  let replaced = 0;
  for (const exception of exceptions) {
    const id = byPlace.get(keyOf(exception));
    if (there.has(exception.id)) {
      messages.push(exception);
    } else if (id !== undefined) {
      replaced++;
      messages.push({ ...exception, id });
    } else {
      gone.push(exception);
    }
  }
  return { messages, byPlace: replaced, gone };
}

const keyOf = ({ from, to, type, nth }: MessagePlace): string => JSON.stringify([from, to, type, nth]);
