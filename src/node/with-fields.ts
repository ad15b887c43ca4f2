/**
 * `{ ...fields, ...more }`, for each message: in V8 a key that follows a spread takes a microsecond, ten times as long as a copy
 * by `Object.assign` (Node 20; bench/README.md, "hunting").
 */
export function withFields<Fields extends object, More extends object>(
  fields: Fields,
  more: More,
): Fields & More {
  // That assigns, so a field `__proto__` would become the copy's prototype.
  if (Object.hasOwn(fields, '__proto__')) return { ...fields, ...more };
  return Object.assign({}, fields, more);
}
