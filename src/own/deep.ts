/** Deeply frozen values of the user's, so that a step that changes its state throws at that point. */

/**
 * Freezes the value deeply and returns it. An already frozen part is taken to be deeply frozen, so that a new state
 * costs only its new parts. Calls `refuse` for a part that cannot be frozen, such as a Map, or that JSON cannot
 * represent.
 */
export function deepFrozen<Value>(value: Value, refuse?: (part: unknown) => void): Value {
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') refuse?.(value);
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set) refuse?.(value);
  Object.freeze(value);
  for (const item of Object.values(value)) deepFrozen(item, refuse);
  return value;
}
