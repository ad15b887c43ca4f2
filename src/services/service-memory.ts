/**
 * Limits the memory of all services together: a node that fills them gets an error before the run runs out of memory.
 *
 * Sizes are estimates of a value's size in memory, not of its text: a list of a million empty lists is two megabytes of
 * JSON, and a hundred in memory.
 */
import { isJsonArray, type Json } from '../protocol/json.ts';
import { JsonNumber } from '../protocol/json/json-value.ts';

const MIB = 1024 * 1024;
const DEFAULT_LIMIT = 256 * MIB;

/** The size of an entry without its key and value. */
const ENTRY_BYTES = 200;

export class ServiceMemory {
  private used = 0;

  constructor(readonly limitBytes: number = DEFAULT_LIMIT) {}

  /**
   * Accounts for replacing a value, or none, under the key with text `id`. Returns false and does nothing if there is
   * no room.
   */
  replace(id: string, before: Json | undefined, value: Json): boolean {
    const more = bytesOfEntry(id, value) - (before === undefined ? 0 : bytesOfEntry(id, before));
    if (more > 0 && this.used + more > this.limitBytes) return false;
    this.used += more;
    return true;
  }

  /** Accounts for one more copy of a value, which cannot be refused. */
  add(id: string, value: Json): void {
    this.used += bytesOfEntry(id, value);
  }

  remove(id: string, value: Json): void {
    this.used -= bytesOfEntry(id, value);
  }
}

/** The size of a key with that value. */
const bytesOfEntry = (id: string, value: Json): number => ENTRY_BYTES + 2 * id.length + bytesOf(value);

/** The approximate size of a value in memory; the parser limits its nesting. */
function bytesOf(value: Json): number {
  switch (typeof value) {
    case 'string':
      return 24 + value.length;
    case 'bigint':
      return 512;
    case 'object':
      break;
    default:
      return 8;
  }
  if (value === null) return 8;
  if (value instanceof JsonNumber) return 64 + value.text.length;
  let sum = 48;
  if (isJsonArray(value)) {
    for (const item of value) sum += 8 + bytesOf(item);
  } else {
    for (const [name, field] of Object.entries(value)) sum += 48 + 2 * name.length + bytesOf(field);
  }
  return sum;
}
