/**
 * The keys of a kafka history, numbered, with what each is called.
 *
 * Where polls are JSON objects, their fields are the texts of keys: a send to 9 and a poll of `{"9": ...}` are about one key.
 * Maps of EDN have keys of any type, and 9 is not "9" there.
 */
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import type { KeyNames } from './value-builder.ts';

export class Keys implements KeyNames {
  private readonly ids = new Map<ValueKey, number>();
  /** Keys that are no strings, by their text. */
  private readonly idsByText = new Map<string, number>();
  /** Keys of which nothing but a field of a JSON object has been seen. */
  private readonly onlyTexts = new Map<string, number>();
  private readonly names: Json[] = [];

  get count(): number {
    return this.names.length;
  }

  nameOf(key: number): Json {
    return this.names[key] ?? null;
  }

  textOf(key: number): string {
    return textOf(this.nameOf(key));
  }

  /** The number of a key as an operation names it. */
  idOf(key: Json): number {
    // Named as a string: what is called otherwise and has the same text is another key.
    if (typeof key === 'string') this.onlyTexts.delete(key);
    const name = valueKey(key);
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const text = textOf(key);
    const polled = this.onlyTexts.get(text);
    const id = polled ?? this.names.push(key) - 1;
    // Polled before it was sent to: what it is called is known only now.
    if (polled !== undefined) this.names[polled] = key;
    this.ids.set(name, id);
    if (typeof key !== 'string' && !this.idsByText.has(text)) this.idsByText.set(text, id);
    return id;
  }

  /** The number of the key that a field of a JSON object stands for: the field `9` may mean 9 as well as "9". */
  idOfText(text: string): number {
    const known = this.ids.get(valueKey(text)) ?? this.idsByText.get(text);
    if (known !== undefined) return known;
    const id = this.idOf(text);
    this.onlyTexts.set(text, id);
    return id;
  }
}

/** A key as the name of a field. */
const textOf = (key: Json): string => (typeof key === 'string' ? key : valueText(key));
