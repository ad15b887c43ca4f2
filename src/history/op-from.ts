/**
 * Makes operations of what was read from a file, checking each field: a history may come from anywhere.
 *
 * Beside what Jepsen and we write, it takes what converters make of it: 0.0 for 0, ":ok" for `:ok`, `final?` for `final`,
 * an operation within `{"op": ...}`. A history in which no operation names its process is one of operations that happened
 * one after the other, also where only their completions were written down, as in Elle's examples.
 */
import { EdnList, EdnMap, EdnTagged, Keyword, ednToJson, ednToValue, type Edn } from '../edn/edn-value.ts';
import { shownJson } from '../protocol/explain-line.ts';
import { JsonNumber, isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { decimalOf } from '../protocol/json-decimal.ts';
import { HistoryClock } from './history-clock.ts';
import { HistoryError } from './history-error.ts';
import { isTransactional, withNamedMicroOps } from './micro-ops.ts';
import type { Op, OpType, Process } from './op.ts';
import { UnnamedProcesses } from './unnamed-processes.ts';

/** The classes of pairs of an independent key with a value. */
const PAIRS: ReadonlySet<string> = new Set([
  'jepsen.independent/tuple',
  'jepsen.independent.Tuple',
  'clojure.lang.MapEntry',
]);

/** Makes the operations of one history, in their order. Where the index is missing it is the position. */
export class OpReader {
  readonly clock = new HistoryClock();
  readonly processes = new UnnamedProcesses();

  /** `defaultF` stands in for a missing f; without it that is an error. */
  constructor(private readonly defaultF?: string) {}

  /** Throws `HistoryError` when the value is no operation. */
  ofJson(given: Json, position: number): Op {
    const value = unwrapped(given);
    if (!isJsonObject(value)) throw new HistoryError(`expected an operation, saw ${shownJson(given)}`);
    const op = value['type'] === undefined && value[':type'] !== undefined ? withoutColons(value) : value;
    const type = typeOf(op['type']);
    const rebalances = op['rebalance-log'];
    const final = op['final?'] ?? op[':final?'] ?? op['final'];
    return {
      index: wholeNumber(op['index'] ?? null, 'index') ?? position,
      time: this.timeOf(op),
      type,
      process: this.processOf(op['process'] ?? null, type),
      f: wordOf(op['f'] ?? this.defaultF),
      value: op['value'] ?? null,
      ...(op['error'] === undefined || op['error'] === null ? {} : { error: op['error'] }),
      ...(typeof final === 'boolean' ? { final } : {}),
      ...(isJsonArray(rebalances) && rebalances.length > 0 ? { 'rebalance-log': rebalances } : {}),
    };
  }

  /** Of an EDN map, plain or tagged `#jepsen.history.Op`. Throws as `ofJson` does. */
  ofEdn(given: Edn, position: number): Op {
    const map = unwrappedEdn(given);
    if (!(map instanceof EdnMap)) {
      throw new HistoryError(`expected an operation, saw ${shownJson(ednToJson(given))}`);
    }
    const fields: Record<string, Json> = {};
    for (const name of ['index', 'time', 'type', 'process', 'f', 'final', 'final?']) {
      const field = map.get(name);
      if (field !== undefined) fields[name] = ednToJson(field);
    }
    const error = map.get('error');
    if (error !== undefined) fields['error'] = errorFrom(error);
    const rebalances = map.get('rebalance-log');
    // Its keys keep their types.
    if (rebalances !== undefined) fields['rebalance-log'] = ednToValue(rebalances);
    const form = untagged(map.get('value') ?? null);
    // The nemesis's words are keywords, its lists of nodes sets; no checker asks for their types.
    const value = fields['process'] === 'nemesis' ? ednToJson(form) : ednToValue(form);
    fields['value'] = isTransactional(fields['f'] ?? this.defaultF) ? withNamedMicroOps(value) : value;
    return this.ofJson(fields, position);
  }

  private timeOf({ time = null, index = null, process = null }: JsonObject): number {
    if (time === null) return 0;
    const nanos = this.clock.of(time, index instanceof JsonNumber || process instanceof JsonNumber);
    if (nanos === undefined) {
      throw new HistoryError(`\`time\` is ${shownJson(time)}; expected nanoseconds or seconds`);
    }
    return nanos;
  }

  private processOf(value: Json, type: OpType): Process {
    if (value === 'nemesis' || value === ':nemesis') return 'nemesis';
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    const process = wholeNumber(number, 'process', 'an integer or nemesis');
    return this.processes.processOf(process, type);
  }
}

/** A keyword alone is a name, as our own histories have it in JSON; what else an error says keeps its types. */
const errorFrom = (error: Edn): Json => (error instanceof Keyword ? error.name : ednToValue(error));

/** What stands within `{"op": {...}}`. */
function unwrapped(value: Json): Json {
  return isJsonObject(value) && value['type'] === undefined && isJsonObject(value['op'])
    ? value['op']
    : value;
}

function unwrappedEdn(form: Edn): Edn {
  const map = form instanceof EdnTagged ? form.value : form;
  const inner = map instanceof EdnMap && map.get('type') === undefined ? map.get('op') : undefined;
  return inner === undefined ? map : inner instanceof EdnTagged ? inner.value : inner;
}

/** A key and what belongs to it, tagged with the class of the pair, is that pair. */
function untagged(form: Edn): Edn {
  if (!(form instanceof EdnTagged) || !PAIRS.has(form.tag)) return form;
  const pair = form.value instanceof EdnList ? form.value.items : form.value;
  return Array.isArray(pair) && pair.length === 2 ? pair : form;
}

/** `{":type": ":ok"}` as `{"type": ":ok"}`. */
function withoutColons(op: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(op).map(([key, value]) => [key.replace(/^:/, ''), value]));
}

/** The integer that a number is, 0.0 included; undefined of null. */
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
  const type = typeof value === 'string' ? value.replace(/^:/, '') : value;
  if (type === 'invoke' || type === 'ok' || type === 'fail' || type === 'info') return type;
  throw new HistoryError(`\`type\` is ${shownJson(value)}; expected invoke, ok, fail or info`);
}

function wordOf(value: Json | undefined): string {
  if (typeof value === 'string') return /^:[A-Za-z]/.test(value) ? value.slice(1) : value;
  throw new HistoryError(`\`f\` is ${shownJson(value)}; expected the name of an operation`);
}
