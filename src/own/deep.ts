/** Values of the user's that must not change: frozen to their depth, so that a step which changes its state throws where it does so. */

/** The same value. What is frozen already is frozen to its depth, so that a new state costs what is new of it. */
export function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFrozen(item);
  return value;
}
