/**
 * The keys of a kafka history, numbered, with their names.
 *
 * If polls are JSON objects, their field names are the texts of keys: a send to 9 and a poll of `{"9": ...}` are about
 * one key. EDN maps have keys of any type, and there 9 is not "9".
 */
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import { valueText, type Json } from '../../protocol/json.ts';
import type { KeyNames } from './value-builder.ts';

export class Keys implements KeyNames {
  private readonly ids = new Map<ValueKey, number>();
  /** Keys that fields of JSON objects stand for so far, for texts that no operation names as a string. */
  private readonly idsOfFields = new Map<string, number>();
  /** Keys that are not strings, by their text. */
  private readonly idsByText = new Map<string, number>();
  /** Keys seen only as fields of JSON objects. */
  private readonly onlyFields = new Set<number>();
  private readonly names: Json[] = [];

  /** `onSplit` is called when fields that were attributed to the key `from` turn out to be the string `to`. */
  constructor(private readonly onSplit: (from: number, to: number) => void) {}

  get count(): number {
    return this.names.length;
  }

  nameOf(key: number): Json {
    return this.names[key] ?? null;
  }

  textOf(key: number): string {
    return textOf(this.nameOf(key));
  }

  /** Returns the number of a key as an operation names it. */
  idOf(key: Json): number {
    return (
      this.ids.get(valueKey(key)) ?? (typeof key === 'string' ? this.addString(key) : this.addOther(key))
    );
  }

  /** Returns the number of the key that a field of a JSON object stands for: the field `9` may mean 9 or "9". */
  idOfField(text: string): number {
    const known = this.ids.get(valueKey(text)) ?? this.idsOfFields.get(text);
    if (known !== undefined) return known;
    let id = this.idsByText.get(text);
    if (id === undefined) {
      id = this.names.push(text) - 1;
      this.onlyFields.add(id);
    }
    this.idsOfFields.set(text, id);
    return id;
  }

  /**
   * Adds a key named as a string. From now on, and in retrospect, a non-string key with the same text is another key.
   */
  private addString(key: string): number {
    const field = this.idsOfFields.get(key);
    this.idsOfFields.delete(key);
    const isItself = field !== undefined && this.onlyFields.delete(field);
    const id = isItself ? field : this.names.push(key) - 1;
    this.ids.set(valueKey(key), id);
    if (field !== undefined && !isItself) this.onSplit(field, id);
    return id;
  }

  private addOther(key: Json): number {
    const text = textOf(key);
    const field = this.idsOfFields.get(text);
    // It was polled before it was sent to, so its name is known only now.
    const isPolled = field !== undefined && this.onlyFields.delete(field);
    const id = isPolled ? field : this.names.push(key) - 1;
    this.names[id] = key;
    this.ids.set(valueKey(key), id);
    if (!this.idsByText.has(text)) this.idsByText.set(text, id);
    return id;
  }
}

/** Returns a key as the name of a field. */
const textOf = (key: Json): string => (typeof key === 'string' ? key : valueText(key));
