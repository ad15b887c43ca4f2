/**
 * Converts parsed values to operations and validates each field, since a history may come from anywhere.
 *
 * Besides the formats that Jepsen and this project write, it accepts the output of converters: 0.0 for 0, ":ok" for `:ok`,
 * `final?` for `final`, an operation within `{"op": ...}`, fields under other common names (foreign-fields.ts), names in
 * place of process numbers (process-names.ts), and keys beside values (key-field.ts). If no operation names its process,
 * the operations happened one after the other; such a history may have completions only, as in Elle's examples.
 */
import {
  EdnList,
  EdnMap,
  EdnTagged,
  Keyword,
  ednToJson,
  ednToValue,
  keyword,
  type Edn,
} from '../../edn/edn-value.ts';
import { shownJson } from '../../protocol/json/shown-json.ts';
import {
  JsonNumber,
  isJsonArray,
  isJsonObject,
  wholeNumberOf,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { decimalOf } from '../../protocol/json/json-decimal.ts';
import { KEY_NAMES, USUAL_NAMES, withUsualNames } from './foreign-fields.ts';
import { HistoryClock } from './history-clock.ts';
import { HistoryError } from '../history-error.ts';
import { KeyField, type KeyFieldUse } from './key-field.ts';
import { isTransactional, withNamedMicroOps } from '../micro-ops.ts';
import type { Op, OpType, Process } from '../op.ts';
import { ProcessNames } from './process-names.ts';
import { UnnamedProcesses } from './unnamed-processes.ts';

/** Tags of pairs of an independent key and a value. */
const PAIRS: ReadonlySet<string> = new Set([
  'jepsen.independent/tuple',
  'jepsen.independent.Tuple',
  'clojure.lang.MapEntry',
]);

/** Reads the operations of one history, in order. A missing index is replaced by the position. */
export class OpReader {
  readonly clock = new HistoryClock();
  readonly processes = new UnnamedProcesses();
  readonly names = new ProcessNames();
  readonly keys: KeyField;

  /** `defaultF` replaces a missing f; without it a missing f is an error. */
  constructor(
    private readonly defaultF?: string,
    keyField?: KeyFieldUse,
  ) {
    this.keys = new KeyField(keyField);
  }

  /** Notes the process of an operation read by another reader. Throws as `ofJson` does. */
  note(process: Process): void {
    if (typeof process === 'number') this.names.noteNumber(process);
    this.processes.note(process);
  }

  /** Converts a JSON value. Throws a HistoryError if it is not an operation. */
  ofJson(given: Json, position: number): Op {
    const value = unwrapped(given);
    if (!isJsonObject(value)) throw noOperation(given);
    const op = withUsualNames(value);
    const type = typeOf(op['type']);
    const rebalances = op['rebalance-log'];
    const final = op['final?'] ?? op[':final?'] ?? op['final'];
    const process = this.processOf(op['process'] ?? null);
    const f = wordOf(op['f'] ?? this.defaultF);
    const read: Op = {
      index: wholeNumber(op['index'] ?? null, 'index') ?? position,
      time: this.timeOf(op),
      type,
      process,
      f,
      value: op['value'] ?? null,
      ...(op['error'] === undefined || op['error'] === null ? {} : { error: op['error'] }),
      ...(typeof final === 'boolean' ? { final } : {}),
      ...(isJsonArray(rebalances) && rebalances.length > 0 ? { 'rebalance-log': rebalances } : {}),
    };
    return this.keys.keyed(read, op['key']);
  }

  /** Converts an EDN map, plain or tagged `#jepsen.history.Op`. Throws as `ofJson` does. */
  ofEdn(given: Edn, position: number): Op {
    const map = withoutNamespace(withKeywords(unwrappedEdn(given)));
    if (!(map instanceof EdnMap)) throw noOperation(ednToJson(given));
    const named: Record<string, Json> = {};
    for (const name of NAMED_FIELDS) {
      const field = map.get(name);
      if (field !== undefined) named[name] = ednToJson(field);
    }
    const known = map.get('value') === undefined ? named : { ...named, value: null };
    const fields: Record<string, Json> = { ...withUsualNames(known) };
    const key = KEY_NAMES.map((name) => map.get(name)).find((one) => one !== undefined);
    if (key !== undefined) fields['key'] = ednToValue(key);
    const error = map.get('error');
    if (error !== undefined) fields['error'] = errorFrom(error);
    const rebalances = map.get('rebalance-log');
    // Keys keep their EDN types.
    if (rebalances !== undefined) fields['rebalance-log'] = ednToValue(rebalances);
    const form = untagged(map.get('value') ?? null);
    // The nemesis's words are keywords and its node lists are sets; no checker depends on their types.
    const value = fields['process'] === 'nemesis' ? ednToJson(form) : ednToValue(form);
    fields['value'] = isTransactional(fields['f'] ?? this.defaultF) ? withNamedMicroOps(value) : value;
    return this.ofJson(fields, position);
  }

  private timeOf({ time = null, index = null, process = null }: JsonObject): number {
    if (time === null) return 0;
    const nanos = this.clock.of(time, index instanceof JsonNumber || process instanceof JsonNumber);
    if (nanos === undefined) {
      throw new HistoryError(`\`time\` is ${shownJson(time)}; expected nanoseconds, seconds or a date`);
    }
    return nanos;
  }

  private processOf(value: Json): Process {
    if (value === 'nemesis' || value === ':nemesis') return 'nemesis';
    const name = nameOfProcess(value);
    if (name !== undefined) return this.processes.processOf(this.names.numberOf(name));
    const number = typeof value === 'string' ? Number(value) : value;
    const process = wholeNumber(number, 'process', 'an integer, a name or nemesis');
    if (process !== undefined) this.names.noteNumber(process);
    return this.processes.processOf(process);
  }
}

function noOperation(seen: Json): HistoryError {
  const example = '{"type":"invoke","process":0,"f":"write","value":1}';
  return new HistoryError(`expected an operation, an object such as ${example}; saw ${shownJson(seen)}`);
}

/** Fields that are the same in EDN and in JSON, including other common names. */
const NAMED_FIELDS = ['index', 'time', 'type', 'process', 'f', 'final', 'final?', ...USUAL_NAMES];

/** Converts an error: a single keyword becomes a name, as in our JSON histories; other values keep their EDN types. */
const errorFrom = (error: Edn): Json => (error instanceof Keyword ? error.name : ednToValue(error));

/** Unwraps `{"op": {...}}`. */
function unwrapped(value: Json): Json {
  return isJsonObject(value) && value['type'] === undefined && isJsonObject(value['op'])
    ? value['op']
    : value;
}

function unwrappedEdn(form: Edn): Edn {
  const map = withoutTags(form);
  const inner = map instanceof EdnMap && map.get('type') === undefined ? map.get('op') : undefined;
  const operation = withoutTags(inner ?? null);
  return operation instanceof EdnMap ? operation : map;
}

function withoutTags(form: Edn): Edn {
  let bare = form;
  while (bare instanceof EdnTagged) bare = bare.value;
  return bare;
}

/** Names the fields of a map whose keys are texts, as Clojure writes what it read from JSON: {"type" "invoke", ...}. */
function withKeywords(form: Edn): Edn {
  if (!(form instanceof EdnMap)) return form;
  const named = form.entries.flatMap(([key, value]) =>
    typeof key === 'string' ? [[keyword(key), value] as const] : [],
  );
  return named.length === form.entries.length ? new EdnMap(named) : form;
}

/**
 * Names the fields of a map that have a namespace, as in #:jepsen{:type :invoke, ...}: the one of its type, if there is
 * only one.
 */
function withoutNamespace(form: Edn): Edn {
  if (!(form instanceof EdnMap) || form.get('type') !== undefined) return form;
  const types = form.entries.flatMap(([key]) =>
    key instanceof Keyword && key.name.endsWith('/type') ? [key.name.slice(0, -'type'.length)] : [],
  );
  const [namespace] = types;
  if (namespace === undefined || types.length > 1) return form;
  const plain = new Set(form.entries.map(([key]) => (key instanceof Keyword ? key.name : undefined)));
  return new EdnMap(
    form.entries.map(([key, value]) => {
      const name =
        key instanceof Keyword && key.name.startsWith(namespace)
          ? key.name.slice(namespace.length)
          : undefined;
      return [name === undefined || plain.has(name) ? key : keyword(name), value];
    }),
  );
}

/** Removes the tag from a pair of an independent key and a value. */
function untagged(form: Edn): Edn {
  if (!(form instanceof EdnTagged) || !PAIRS.has(form.tag)) return form;
  const pair = form.value instanceof EdnList ? form.value.items : form.value;
  return Array.isArray(pair) && pair.length === 2 ? pair : form;
}

/** Returns the name of a process: a string that is not a small number, or an integer too large to be safe. */
function nameOfProcess(value: Json): string | undefined {
  if (typeof value === 'string') return /^\d{1,9}$/.test(value) ? undefined : value.replace(/^:/, '');
  const whole = wholeNumberOf(value);
  return whole === undefined || Number.isSafeInteger(Number(whole)) ? undefined : String(whole);
}

/** Returns the integer value of a number, including 0.0; undefined for null. */
function wholeNumber(value: Json, name: string, expected = 'an integer'): number | undefined {
  if (value === null) return undefined;
  const number = value instanceof JsonNumber && isWhole(value) ? Number(value.text) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number + 0; // of -0 it makes 0
  throw new HistoryError(`\`${name}\` is ${shownJson(value)}; expected ${expected}`);
}

function isWhole({ text }: JsonNumber): boolean {
  const { digits, exponent } = decimalOf(text);
  return exponent >= BigInt(digits.length);
}

function typeOf(value: Json | undefined): OpType {
  const type = typeof value === 'string' ? value.replace(/^:/, '').toLowerCase() : value;
  if (type === 'invoke' || type === 'ok' || type === 'fail' || type === 'info') return type;
  // Entries that hold a whole operation with its call and return times, and those of tools with other words.
  const advice =
    value === undefined
      ? '. An operation is two entries: one as it is invoked, one as it ends; or one entry with both times, `start` and `end`'
      : ': invoke as an operation begins; and as it ends ok if it happened, fail if it did not, info if that is unknown';
  throw new HistoryError(`\`type\` is ${shownJson(value)}; expected invoke, ok, fail or info${advice}`);
}

function wordOf(value: Json | undefined): string {
  if (typeof value === 'string') return /^:[A-Za-z]/.test(value) ? value.slice(1) : value;
  throw new HistoryError(`\`f\` is ${shownJson(value)}; expected the name of an operation`);
}
