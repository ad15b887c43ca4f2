/**
 * Rebuilds the value of a kafka operation from its items, as it appeared in the history: EDN maps with keys of any
 * type, JSON objects with text keys, keys that were polled without a message, sends with and without an offset.
 */
import type { Json, RichValue } from '../../protocol/json.ts';

/** What a poll returned, by key number. `map` is an EDN map of the same kind, undefined for a JSON object. */
interface Polled {
  readonly map: RichValue | undefined;
  readonly messages: Map<number, Json[]>;
}

export interface KeyNames {
  nameOf(key: number): Json;
  /** Returns the key's name as a field of an object. */
  textOf(key: number): string;
}

export class ValueBuilder {
  private readonly mops: Json[] = [];
  private readonly polls = new Map<number, Polled>();

  constructor(private readonly keys: KeyNames) {}

  /** Adds a send. `sent` is the message, alone or as [offset, message]. */
  send(mop: number, key: number, sent: Json): void {
    this.mops[mop] = ['send', this.keys.nameOf(key), sent];
  }

  /** Adds a poll with an unknown result, as in its invocation. */
  poll(mop: number): void {
    this.mops[mop] ??= ['poll'];
  }

  /** Adds a poll that returned something, even if only an empty map. */
  polled(mop: number, map: RichValue | undefined): Polled {
    let polled = this.polls.get(mop);
    if (polled === undefined) {
      polled = { map, messages: new Map() };
      this.polls.set(mop, polled);
    }
    return polled;
  }

  /** Adds a polled key, and its next message if given. */
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
