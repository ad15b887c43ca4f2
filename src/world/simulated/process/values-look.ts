/**
 * Checks many values at once: whether each property still has its earlier value.
 *
 * In V8 reading a property that the code names takes some nanoseconds; reading its descriptor takes a hundred times as
 * long. So the check is generated code for those properties. A property that has become a getter is called, which runs
 * the program's code and may throw.
 */
import { Script, type Context } from 'node:vm';

export interface ValuePlace {
  readonly object: object;
  readonly key: string | symbol;
  /** Never NaN, which equals nothing. */
  readonly value: unknown;
}

type Look = () => boolean;
type MakeLook = (objects: readonly object[], symbols: readonly symbol[], values: readonly unknown[]) => Look;

/** The last generated code: it is the same for realms with the same properties. */
let last: { readonly code: string; readonly script: Script } | undefined;

/**
 * Returns the check, as the realm's own code, so that V8's type feedback for that realm's objects is not mixed with
 * that for others.
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
  const make = last.script.runInContext(realm) as MakeLook; // the type of the generated code
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
