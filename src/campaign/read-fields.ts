/** Parses JSON from Redis, which may contain anything: values of another type or beyond a size are refused. */

export type Fields = Readonly<Record<string, unknown>>;

/** Thrown for data of another form than expected. */
export class NotOurs extends Error {}

export function parsed(text: unknown): unknown {
  if (typeof text !== 'string') throw new NotOurs('not text');
  try {
    return JSON.parse(text);
  } catch {
    throw new NotOurs('not JSON');
  }
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotOurs('not an object');
  return value as Fields; // any object has fields
}

export function textOf(value: unknown, most: number): string {
  if (typeof value !== 'string' || value.length > most) throw new NotOurs('not a text of that length');
  return value;
}

export function numberOf(value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= most))
    throw new NotOurs('not a number of that size');
  return value;
}

export function countOf(value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isInteger(value)) throw new NotOurs('not a count');
  return numberOf(value, most);
}

export function listOf<T>(value: unknown, most: number, read: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value) || value.length > most) throw new NotOurs('not a list of that length');
  return (value as readonly unknown[]).map(read);
}

export function mapOf<T>(
  value: unknown,
  most: number,
  read: (item: unknown) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(fieldsOf(value));
  if (entries.length > most || entries.some(([name]) => name.length > 300))
    throw new NotOurs('too many fields');
  return Object.fromEntries(entries.map(([name, item]) => [name, read(item)]));
}

export function oneOf<T>(value: unknown, of: readonly T[]): T {
  const found = of.find((one) => one === value);
  if (found === undefined) throw new NotOurs('not one of those words');
  return found;
}

/** Reads `value` unless it is undefined. */
export const perhaps = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
  value === undefined ? undefined : read(value);

/** Returns undefined if `read` throws NotOurs. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    throw error;
  }
}
