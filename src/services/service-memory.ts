/**
 * How much the services may keep, all of them together: a node that fills them is refused, before the run dies of it.
 *
 * Sizes are estimates of what a value takes in memory, not of its text: a list of a million empty lists is two megabytes of
 * JSON, and a hundred in memory.
 */
import { isJsonArray, type Json } from '../protocol/json.ts';
import { JsonNumber } from '../protocol/json-value.ts';

const MIB = 1024 * 1024;
const DEFAULT_LIMIT = 256 * MIB;

/** What an entry costs beside its key and value. */
const ENTRY_BYTES = 200;

export class ServiceMemory {
  private used = 0;

  constructor(readonly limitBytes: number = DEFAULT_LIMIT) {}

  /**
   * Puts a value in the place of another, or of none, under the key whose text is `id`. False, and nothing done, when there is
   * no room for it.
   */
  replace(id: string, before: Json | undefined, value: Json): boolean {
    const more = bytesOfEntry(id, value) - (before === undefined ? 0 : bytesOfEntry(id, before));
    if (more > 0 && this.used + more > this.limitBytes) return false;
    this.used += more;
    return true;
  }

  /** Counts a value that is kept in one more place, which cannot be refused. */
  add(id: string, value: Json): void {
    this.used += bytesOfEntry(id, value);
  }

  remove(id: string, value: Json): void {
    this.used -= bytesOfEntry(id, value);
  }
}

/** What a key with that value takes. */
const bytesOfEntry = (id: string, value: Json): number => ENTRY_BYTES + 2 * id.length + bytesOf(value);

/** What a value takes in memory, roughly; its nesting is bounded by what the parser takes. */
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
