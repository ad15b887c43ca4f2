/**
 * The fields of an operation under names that other tools give them: `":type"`, `Type` as Go writes a struct field, `client`
 * for the process, `op` for f. A field under its standard name takes precedence.
 */
import type { Json, JsonObject } from '../protocol/json.ts';

/** Indexed by the name in lower case, without hyphens and underscores. */
const FIELD_OF: ReadonlyMap<string, string> = new Map([
  ...['type', 'process', 'f', 'value', 'index', 'time', 'error', 'final', 'key'].map(
    (name) => [name, name] as const,
  ),
  ...['client', 'clientid', 'session', 'sessionid', 'thread', 'threadid', 'worker', 'workerid'].map(
    (name) => [name, 'process'] as const,
  ),
  ...['op', 'function', 'operation'].map((name) => [name, 'f'] as const),
]);

/** EDN keys accepted in place of `:process` and `:f`. */
export const USUAL_NAMES: readonly string[] = [
  'client',
  'client-id',
  'session',
  'thread',
  'worker',
  'op',
  'operation',
];

/** Returns the operation with its fields under their standard names; the same object if none is missing. */
export function withUsualNames(op: JsonObject): JsonObject {
  if (op['type'] !== undefined && op['process'] !== undefined && op['f'] !== undefined) return op;
  const renamed: Record<string, Json> = { ...op };
  for (const [name, value] of Object.entries(op)) {
    const field = FIELD_OF.get(name.replace(/^:|[_-]|\?$/g, '').toLowerCase());
    if (field === undefined || renamed[field] !== undefined) continue;
    // An object under `op` is a nested operation, not a name.
    if (field === 'f' && typeof value !== 'string') continue;
    renamed[field] = value;
  }
  return renamed;
}
