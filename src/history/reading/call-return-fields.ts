/** The fields of an operation with the times of its call and return, under the names that tools and languages give them. */
import { Keyword, ednToJson, ednToValue, type EdnMap } from '../../edn/edn-value.ts';
import { isJsonObject, JsonNumber, type Json, type JsonObject } from '../../protocol/json.ts';
import { HistoryError } from '../history-error.ts';
import { withNamedMicroOps } from '../micro-ops.ts';
import { KEY_NAMES, OPERATION_NAMES, plain, PROCESS_NAMES } from './foreign-fields.ts';

const SUFFIXES = ['', 'time', 'at', 'ts', 'ns', 'us', 'ms', 'timens', 'timestamp', 'nanos'];
const withSuffixes = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => SUFFIXES.map((suffix) => `${name}${suffix}`));
export const CALLS = withSuffixes(
  'call',
  'called',
  'start',
  'started',
  'begin',
  'invoke',
  'invoked',
  'invocation',
);
export const RETURNS = withSuffixes(
  'return',
  'returned',
  'end',
  'ended',
  'finish',
  'finished',
  'complete',
  'completed',
);

export const ASKED = [
  'value',
  'val',
  'v',
  'arg',
  'args',
  'argument',
  'arguments',
  'data',
  'element',
  'amount',
];
export const SEEN = ['result', 'res', 'ret', 'returned', 'response', 'value', 'val', 'v', 'data', 'element'];
const PAIRS = [
  ['from', 'to'],
  ['old', 'new'],
  ['expected', 'new'],
  ['expect', 'update'],
] as const;

/** Fields by their names in lower case, without hyphens and underscores. */
export type Fields = ReadonlyMap<string, Json>;

/** Whether it is a call or a return that has its operation's Id. */
export const isEvent = (fields: Fields): boolean =>
  EVENT_KINDS.has(fields.get('kind') ?? null) && fields.has('id') && fields.has('value');
export const isCall = (fields: Fields): boolean => fields.get('kind') === false || fields.get('kind') === 0;
const EVENT_KINDS: ReadonlySet<Json> = new Set([false, true, 0, 1]);

/** Whether a value may be a time; that of a return may be null. */
export const isTime = (value: Json | undefined, mayBeNull = false): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  value instanceof JsonNumber ||
  (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)) ||
  (mayBeNull && value === null);

export const OPERATIONS = [
  'f',
  'op',
  ...OPERATION_NAMES,
  'type',
  'kind',
  'method',
  'name',
  'command',
  'cmd',
].map(plain);
export const CLIENTS = ['process', ...PROCESS_NAMES, 'process-id', 'worker-id'].map(plain);
const KEYS = KEY_NAMES.map(plain);
const OUTCOMES: ReadonlySet<string> = new Set(['ok', 'fail', 'info']);

export const clientOf = (fields: Fields): Json | undefined => first(fields, CLIENTS);
export const keyOf = (fields: Fields): Json | undefined =>
  first(inner(fields, 'input'), KEYS) ?? first(fields, KEYS) ?? undefined;

export function askedOf(fields: Fields): Json {
  const input = fields.get('input') ?? fields.get('request');
  const from = isJsonObject(input) ? fieldsOf(input) : fields;
  const pair = PAIRS.find(([one, other]) => from.has(one) && from.has(other));
  if (pair !== undefined) return pair.map((name) => from.get(name) ?? null);
  return isJsonObject(input) || input === undefined ? (first(from, ASKED) ?? null) : input;
}

/** Throws a HistoryError if the result of an operation is nowhere, which would prove nothing. */
export function seenOf(fields: Fields, f: string, line: number): Json {
  const output = fields.get('output');
  if (output !== undefined) return isJsonObject(output) ? (first(fieldsOf(output), SEEN) ?? null) : output;
  const name = SEEN.find((one) => fields.has(one));
  if (name !== undefined) return fields.get(name) ?? null;
  if (outcomeOf(fields) !== 'ok') return null;
  throw new HistoryError(`line ${line}: ${f} has no \`value\` and no \`output\`; expected what it returned`);
}

export function outcomeOf(fields: Fields): 'ok' | 'fail' | 'info' {
  for (const name of ['type', 'status', 'outcome']) {
    const word = fields.get(name);
    if (typeof word === 'string' && OUTCOMES.has(word.toLowerCase())) return word.toLowerCase() as 'ok';
  }
  const output = inner(fields, 'output');
  for (const some of [fields, output]) {
    for (const name of ['ok', 'success', 'succeeded']) if (some.get(name) === false) return 'info';
    for (const name of ['timeout', 'timedout', 'unknown']) if (some.get(name) === true) return 'info';
    for (const name of ['error', 'err']) if (!NO_ERROR.has(some.get(name) ?? null)) return 'info';
  }
  return 'ok';
}

/** Among them what a store answers for a key that does not exist, which is no doubt. */
const NO_ERROR: ReadonlySet<Json> = new Set([null, '', false, 'OK', 'ok', 'ErrNoKey']);

export function first(fields: Fields, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function inner(fields: Fields, name: string): Fields {
  const value = fields.get(name);
  return isJsonObject(value) ? fieldsOf(value) : new Map();
}

/** Returns an entry in EDN with its names as strings. Keys and values keep their EDN types. */
export function entryOfEdn({ entries }: EdnMap): JsonObject {
  const fields = entries.map(([key, form]): readonly [string, Json] => {
    const name = key instanceof Keyword ? key.name : '';
    const isValue = KEYS.includes(plain(name)) || ASKED.includes(plain(name)) || SEEN.includes(plain(name));
    return [name, isValue ? withNamedMicroOps(ednToValue(form)) : ednToJson(form)];
  });
  return Object.fromEntries(fields);
}

export const fieldsOf = (entry: JsonObject): Fields =>
  new Map(Object.entries(entry).map(([name, value]) => [plain(name), value]));
