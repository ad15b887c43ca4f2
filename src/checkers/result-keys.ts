/**
 * Values as keys of a result map. A string stands for itself, any other value for its text as in sentences (`:a`,
 * `[1]`); if that makes two values look alike (1 and "1"), the string is quoted. The value of each key is stored with
 * the map, for notations with typed keys.
 */
import { parseJson, stringifyJson, valueText, type Json } from '../protocol/json.ts';

const VALUES = Symbol('what the keys of a result map stand for');

/**
 * Returns an object with one key per value, in the given order as far as JavaScript preserves it. Requires distinct
 * values.
 */
export function resultKeys<T>(entries: readonly (readonly [Json, T])[]): Record<string, T> {
  const others = new Map<string, Json>();
  for (const [value] of entries) {
    if (typeof value === 'string') continue;
    const text = valueText(value);
    let name = text;
    // Distinct values may share a text, such as nil and the symbol null.
    for (let number = 2; others.has(name); number++) name = `${text} ${number}`;
    others.set(name, value);
  }
  const names = new Map(Array.from(others, ([name, value]) => [value, name]));
  const nameOf = (value: Json): string => {
    if (typeof value !== 'string') return names.get(value) ?? valueText(value);
    return others.has(value) || value.startsWith('"') ? stringifyJson(value) : value;
  };
  const named = entries.map(([value, item]) => ({ name: nameOf(value), value, item }));
  const map: Record<string, T> = Object.fromEntries(named.map(({ name, item }) => [name, item]));
  // Not enumerable, so it is neither written as JSON nor compared.
  return Object.defineProperty(map, VALUES, {
    value: new Map(named.map(({ name, value }) => [name, value])),
  });
}

/**
 * Returns the value that a key of a result map stands for; the key itself if the map was written by hand or read from a
 * file.
 */
export function valueOfKey(map: object, name: string): Json {
  // Set only by this file.
  const values = (map as { readonly [VALUES]?: ReadonlyMap<string, Json> })[VALUES];
  return values?.get(name) ?? (values?.has(name) === true ? null : name);
}

/** Returns a map with the same keys, standing for the same values, but with converted items. */
export function mapResultKeys<T, U>(
  map: { readonly [name: string]: T },
  turn: (item: T) => U,
): Record<string, U> {
  return renamedKeys(
    map,
    Object.entries(map).map(([name, item]) => [name, name, turn(item)]),
  );
}

/** Returns a map with some of the keys under new names. A key that keeps its name stands for the same value. */
export function renamedKeys<T>(
  map: object,
  entries: readonly (readonly [key: string, name: string, item: T])[],
): Record<string, T> {
  const renamed: Record<string, T> = Object.fromEntries(entries.map(([, name, item]) => [name, item]));
  const values = (map as { readonly [VALUES]?: ReadonlyMap<string, Json> })[VALUES];
  if (values === undefined) return renamed;
  const kept = entries.flatMap(([key, name]) =>
    key === name && values.has(key) ? [[name, values.get(key) ?? null] as const] : [],
  );
  return Object.defineProperty(renamed, VALUES, { value: new Map(kept) });
}

/** The non-string keys of one map: the path to the map, and each key with its value as JSON. */
export interface SentKeys {
  readonly path: readonly string[];
  readonly values: readonly (readonly [name: string, json: string])[];
}

/** Returns what JSON loses about the keys within some results, to be sent along with them. */
export function keysToSend(results: unknown, path: readonly string[] = []): readonly SentKeys[] {
  if (typeof results !== 'object' || results === null) return [];
  const values = Object.keys(results).flatMap((name) => {
    const value = valueOfKey(results, name);
    return value === name ? [] : [[name, stringifyJson(value)] as const];
  });
  return [
    ...(values.length === 0 ? [] : [{ path, values }]),
    ...Object.entries(results).flatMap(([name, item]) => keysToSend(item, [...path, name])),
  ];
}

/** Restores the keys in results that were read from JSON. */
export function takeSentKeys(results: unknown, sent: readonly SentKeys[]): void {
  for (const { path, values } of sent) {
    let map = results;
    for (const name of path)
      map = typeof map === 'object' && map !== null ? Reflect.get(map, name) : undefined;
    if (typeof map !== 'object' || map === null) continue;
    Object.defineProperty(map, VALUES, {
      value: new Map(values.map(([name, json]) => [name, parseJson(json)])),
    });
  }
}
