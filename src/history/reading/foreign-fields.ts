/**
 * The fields of an operation under names that other tools give them: `":type"`, `Type` as Go writes a struct field, `client`
 * for the process, `op` for f, `register` for the key. A field under its standard name takes precedence.
 */
import { isJsonArray, type Json, type JsonObject } from '../../protocol/json.ts';
import { shownJson } from '../../protocol/json/shown-json.ts';
import { HistoryError } from '../history-error.ts';

const TYPES: ReadonlySet<string> = new Set(['invoke', 'ok', 'fail', 'info']);
const KEYS = ['k', 'object', 'object-id', 'register', 'variable', 'queue', 'lock'] as const;
export const PROCESS_NAMES = [
  'client',
  'client-id',
  'session',
  'session-id',
  'thread',
  'thread-id',
  'worker',
] as const;
export const OPERATION_NAMES = ['op', 'function', 'operation'] as const;
const KINDS = [
  'event',
  'event-type',
  'op-type',
  'kind',
  'status',
  'phase',
  'stage',
  'state',
  'outcome',
] as const;

/** Indexed by the name in lower case, without hyphens and underscores. */
const FIELD_OF: ReadonlyMap<string, string> = new Map([
  ...['type', 'process', 'f', 'value', 'index', 'time', 'error', 'final', 'key'].map(
    (name) => [name, name] as const,
  ),
  ...[...PROCESS_NAMES, 'process-id', 'worker-id'].map((name) => [plain(name), 'process'] as const),
  ...OPERATION_NAMES.map((name) => [plain(name), 'f'] as const),
  ...KEYS.map((name) => [plain(name), 'key'] as const),
  ...KINDS.map((name) => [plain(name), 'type'] as const),
  ['timestamp', 'time'],
]);

/** Names under which other tools write what was asked for, or what was seen. */
const VALUES =
  'val v arg args argument arguments input output param params result res ret response request payload data element amount';
const VALUE_NAMES: ReadonlySet<string> = new Set(VALUES.split(' '));
/** Operations whose completion only acknowledges them; the last two have no value at all. */
const ACKNOWLEDGED: ReadonlySet<string> = new Set(
  'write cas enqueue add put set append delete send transfer broadcast acquire release'.split(' '),
);
/** Whether the completion of an operation shows nothing but that it happened. */
export const isAcknowledgement = (f: string): boolean => ACKNOWLEDGED.has(f);
const VALUELESS: ReadonlySet<string> = new Set(['acquire', 'release']);

/** EDN keys accepted in place of standard ones. */
export const USUAL_NAMES: readonly string[] = [
  ...PROCESS_NAMES,
  ...OPERATION_NAMES,
  ...KINDS,
  'timestamp',
  ...VALUE_NAMES,
];
/** The same for keys, whose values keep their EDN types. */
export const KEY_NAMES: readonly string[] = ['key', ...KEYS];

/** Returns the operation with its fields under their standard names. Throws a HistoryError if only its value has another. */
export function withUsualNames(op: JsonObject): JsonObject {
  const renamed: Record<string, Json> = { ...op };
  for (const [name, value] of Object.entries(op)) {
    const field = FIELD_OF.get(plain(name));
    if (field === undefined || renamed[field] !== undefined || !fits(field, name, value)) continue;
    renamed[field] = value;
  }
  if (renamed['value'] === undefined) refuseOtherValue(renamed);
  return renamed;
}

/** An object under `op` is a nested operation, not a name; only a known word under `kind` is a type. */
function fits(field: string, name: string, value: Json): boolean {
  if (field === 'f') return typeof value === 'string';
  if (field === 'type' && plain(name) !== 'type')
    return typeof value === 'string' && TYPES.has(value.replace(/^:/, '').toLowerCase());
  return !isJsonArray(value) || field !== 'key';
}

/** Reads without a value would prove nothing, and make a wrong history right. */
function refuseOtherValue(op: JsonObject): void {
  const { type, f, process } = op;
  const name = typeof f === 'string' ? f.replace(/^:/, '') : '';
  if (typeof type !== 'string' || process === 'nemesis' || process === ':nemesis' || VALUELESS.has(name))
    return;
  if (!/^:?invoke$/i.test(type) && (ACKNOWLEDGED.has(name) || !/^:?ok$/i.test(type))) return;
  for (const [field, value] of Object.entries(op)) {
    if (value === null || !VALUE_NAMES.has(plain(field))) continue;
    throw new HistoryError(
      `it has no \`value\`, but ${JSON.stringify(field)}: ${shownJson(value)}; what was asked for (invoke) and what was seen (ok) belong in \`value\``,
    );
  }
}

/** Returns a field's name in lower case, without hyphens and underscores. */
export function plain(name: string): string {
  return name.replace(/^:|[_-]|\?$/g, '').toLowerCase();
}
