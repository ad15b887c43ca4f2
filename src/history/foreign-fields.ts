/**
 * The fields of an operation under the names that other tools give them: `":type"`, `Type` as Go writes a field of a struct,
 * `client` for the process, `op` for f. What has its own name already keeps it.
 */
import type { Json, JsonObject } from '../protocol/json.ts';

/** By the name without capitals and without what joins words. */
const FIELD_OF: ReadonlyMap<string, string> = new Map([
  ...['type', 'process', 'f', 'value', 'index', 'time', 'error', 'final', 'key'].map(
    (name) => [name, name] as const,
  ),
  ...['client', 'clientid', 'session', 'sessionid', 'thread', 'threadid', 'worker', 'workerid'].map(
    (name) => [name, 'process'] as const,
  ),
  ...['op', 'function', 'operation'].map((name) => [name, 'f'] as const),
]);

/** What keys of EDN may be in place of `:process` and `:f`. */
export const USUAL_NAMES: readonly string[] = [
  'client',
  'client-id',
  'session',
  'thread',
  'worker',
  'op',
  'operation',
];

/** The same object where nothing is missing that another name could stand for. */
export function withUsualNames(op: JsonObject): JsonObject {
  if (op['type'] !== undefined && op['process'] !== undefined && op['f'] !== undefined) return op;
  const renamed: Record<string, Json> = { ...op };
  for (const [name, value] of Object.entries(op)) {
    const field = FIELD_OF.get(name.replace(/^:|[_-]|\?$/g, '').toLowerCase());
    if (field === undefined || renamed[field] !== undefined) continue;
    // Where an operation stands within `op` it is no name.
    if (field === 'f' && typeof value !== 'string') continue;
    renamed[field] = value;
  }
  return renamed;
}
