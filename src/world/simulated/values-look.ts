/**
 * Checks that many properties still have the values they had.
 *
 * V8 reads a property that the code names in a few nanoseconds; getting its descriptor takes a hundred times as long. So the
 * check is code generated for those properties. If a program has replaced one by a getter, that getter is called.
 */
import { Script, type Context } from 'node:vm';

export interface ValuePlace {
  readonly object: object;
  readonly key: string | symbol;
  /** Never NaN, which is not equal to itself. */
  readonly value: unknown;
}

type Look = () => boolean;
type MakeLook = (objects: readonly object[], symbols: readonly symbol[], values: readonly unknown[]) => Look;

/** The code last compiled: realms with the same properties share it. */
let last: { readonly code: string; readonly script: Script } | undefined;

/**
 * Returns a function that checks the values. It runs in that realm, so that V8's inline caches are separate for each realm.
 * False also if a getter throws.
 */
export function compileValuesLook(realm: Context, places: readonly ValuePlace[]): Look {
  const objects = [...new Set(places.map(({ object }) => object))];
  const nameOf = new Map(objects.map((object, at) => [object, `o${at}`]));
  const symbols: symbol[] = [];
  const comparisons = places.map(({ object, key }, at) => {
    const access = typeof key === 'symbol' ? `k${symbols.push(key) - 1}` : JSON.stringify(key);
    return `${nameOf.get(object)}[${access}] === v${at}`;
  });
  const code = `(([${names('o', objects)}], [${names('k', symbols)}], [${names('v', places)}]) => () =>
    ${['true', ...comparisons].join(' &&\n')})`;
  if (last?.code !== code) last = { code, script: new Script(code, { filename: 'simulated:values' }) };
  const make = last.script.runInContext(realm) as MakeLook; // as written above
  const values = places.map(({ value }) => value);
  const look = make(objects, symbols, values);
  return () => {
    try {
      return look();
    } catch {
      return false;
    }
  };
}

const names = (letter: string, list: readonly unknown[]): string =>
  list.map((_, at) => `${letter}${at}`).join(',');
