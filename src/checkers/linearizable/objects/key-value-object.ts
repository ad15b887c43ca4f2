/**
 * The value of one key in a store of strings with get, put and append, as Porcupine and many courses test it. A key that
 * does not exist, or a get of null, is the empty string.
 */
import { valueText, type Json } from '../../../protocol/json.ts';
import { keyValue } from '../models.ts';
import { MalformedOperation } from '../object-history.ts';
import { TextObject } from '../texts/text-object.ts';

export class KeyValueObject extends TextObject {
  constructor() {
    super(keyValue);
  }

  /** Throws a MalformedOperation for anything but a string, of which an append could not be part. */
  override kindFor(f: string, value: Json): number {
    if (value !== null && typeof value !== 'string')
      throw new MalformedOperation(`is a ${f} of ${valueText(value)}; expected a string`);
    return super.kindFor(f, value ?? '');
  }
}
