/**
 * Operations with the key of their object in a separate field, beside the value or within it:
 *
 *     {"type": "ok", "process": 0, "f": "write", "key": "x", "value": 1}
 *     {"type": "ok", "process": 0, "f": "write", "value": {"key": "x", "value": 1}}
 *
 * If keys are judged independently, the value becomes [key, value]. If all operations are judged as those of one object, a
 * second key is refused, since the verdict would be about an object that does not exist.
 */
import { shownJson } from '../../protocol/json/shown-json.ts';
import { entriesOf, isJsonArray, jsonEquals, wordOf, type Json } from '../../protocol/json.ts';
import { HistoryError } from '../history-error.ts';
import type { Op, Process } from '../op.ts';

/** `pair`: keys are judged independently; `one`: all operations belong to one object. */
export type KeyFieldUse = 'pair' | 'one';

export class KeyField {
  private first: Json | undefined;
  /** Keys of open invocations: a completion need not repeat its key. */
  private readonly open = new Map<Process, Json>();
  /** The first value that repeats its key; false if values do not. */
  private arePaired: Json | undefined;

  /** Without `use` the field is ignored. */
  constructor(private readonly use: KeyFieldUse | undefined) {}

  /** Returns the operation, with its key in the value for `pair`. Throws a HistoryError for a second key if all belong to one object. */
  keyed(op: Op, named?: Json): Op {
    if (this.use === undefined || op.process === 'nemesis') return op;
    const within = this.use === 'pair' && named === undefined ? keyedObject(op.value) : undefined;
    if (within !== undefined) return this.keyed({ ...op, value: within.value }, within.key);
    if (named === undefined && this.first === undefined) return op;
    this.first ??= named;
    if (this.use === 'pair') return this.paired(op, named);
    if (named === undefined || jsonEquals(this.first ?? null, named)) return op;
    throw new HistoryError(
      `\`key\` is ${shownJson(named)}, but an earlier operation has ${shownJson(this.first)}; this model checks a single object. ` +
        'Check each key separately (--independent), or, if the model has no such option, give the operations of one key',
    );
  }

  private paired(op: Op, named: Json | undefined): Op {
    const key = named ?? this.open.get(op.process);
    if (op.type === 'invoke' && named !== undefined) this.open.set(op.process, named);
    else this.open.delete(op.process);
    return key === undefined || this.isPaired(key, op) ? op : { ...op, value: [key, op.value] };
  }

  /**
   * Whether the value repeats the key, as in [key, value]. Then all values do: [1, 2] beside the key 1 may also be a value
   * of its own. Throws a HistoryError if the values differ in this.
   */
  private isPaired(key: Json, { type, value }: Op): boolean {
    const looksPaired = isJsonArray(value) && value.length === 2 && jsonEquals(value[0] ?? null, key);
    if (looksPaired) this.arePaired ??= value;
    // A completion without a value only acknowledges, and a null may stand for a pair.
    else if (value !== null && isJsonArray(this.arePaired))
      throw new HistoryError(
        `\`value\` is ${shownJson(value)}, but an earlier operation has its key in ${shownJson(this.arePaired)} as well; expected [key, value] everywhere or nowhere`,
      );
    else if (value !== null || type === 'invoke') this.arePaired ??= false;
    return looksPaired && this.arePaired !== false;
  }
}

/** Returns what `{"key": "x", "value": 1}` consists of; a read may have the key alone. Undefined for other values. */
export function keyedObject(value: Json): { readonly key: Json; readonly value: Json } | undefined {
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0 || entries.length > 2) return undefined;
  const fields = new Map(entries.map(([name, item]) => [wordOf(name), item]));
  const key = fields.get('key') ?? fields.get('k');
  const rest = [...fields.keys()].filter((name) => name !== 'key' && name !== 'k');
  if (key === undefined || fields.size !== entries.length || !rest.every((name) => VALUE_NAMES.has(name)))
    return undefined;
  return rest.length > 1 ? undefined : { key, value: fields.get(rest[0]) ?? null };
}

const VALUE_NAMES: ReadonlySet<string | undefined> = new Set(['value', 'val', 'v']);
