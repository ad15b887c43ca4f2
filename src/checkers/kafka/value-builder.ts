/**
 * Puts the value of a kafka operation together again from its items, as it stood in the history: maps of EDN with their keys of
 * any type, objects of JSON with texts for keys, keys that were polled without a message, sends with and without an offset.
 */
import type { Json, RichValue } from '../../protocol/json.ts';

/** What a poll brought, by number of key; `map` is a map of the kind that it was, undefined for a JSON object. */
interface Polled {
  readonly map: RichValue | undefined;
  readonly messages: Map<number, Json[]>;
}

export interface KeyNames {
  nameOf(key: number): Json;
  /** As the field of an object. */
  textOf(key: number): string;
}

export class ValueBuilder {
  private readonly mops: Json[] = [];
  private readonly polls = new Map<number, Polled>();

  constructor(private readonly keys: KeyNames) {}

  /** `sent` is the message, alone or as [offset, message]. */
  send(mop: number, key: number, sent: Json): void {
    this.mops[mop] = ['send', this.keys.nameOf(key), sent];
  }

  /** A poll of which nothing is known, as its invocation has it. */
  poll(mop: number): void {
    this.mops[mop] ??= ['poll'];
  }

  /** A poll that brought something, if only an empty map. */
  polled(mop: number, map: RichValue | undefined): Polled {
    let polled = this.polls.get(mop);
    if (polled === undefined) {
      polled = { map, messages: new Map() };
      this.polls.set(mop, polled);
    }
    return polled;
  }

  /** A key of what was polled, and its next message. */
  message(mop: number, map: RichValue | undefined, key: number, pair?: Json): void {
    const { messages } = this.polled(mop, map);
    let ofKey = messages.get(key);
    if (ofKey === undefined) {
      ofKey = [];
      messages.set(key, ofKey);
    }
    if (pair !== undefined) ofKey.push(pair);
  }

  value(): Json {
    for (const [mop, { map, messages }] of this.polls) {
      const entries = [...messages];
      this.mops[mop] = [
        'poll',
        map === undefined
          ? Object.fromEntries(entries.map(([key, list]) => [this.keys.textOf(key), list]))
          : map.withPairs(entries.map(([key, list]) => [this.keys.nameOf(key), list])),
      ];
    }
    return this.mops;
  }
}
