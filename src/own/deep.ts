/** Values of the user's that must not change: frozen to their depth, so that a step which changes its state throws where it does so. */

/**
 * The same value. What is frozen already is frozen to its depth, so that a new state costs what is new of it. `refuse` is called for
 * a part that cannot be frozen so, such as a Map, or that JSON has no word for.
 */
export function deepFrozen<Value>(value: Value, refuse?: (part: unknown) => void): Value {
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') refuse?.(value);
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set) refuse?.(value);
  Object.freeze(value);
  for (const item of Object.values(value)) deepFrozen(item, refuse);
  return value;
}
