/**
 * One look at many values at once: whether each property still has the value that it had.
 *
 * Reading a property where the code names it costs V8 some nanoseconds, asking for its descriptor a hundred times as much. So the look is
 * code made for those properties. One that has become a getter since is called: then it is program's code that runs, which may throw.
 */
import { Script, type Context } from 'node:vm';

export interface ValuePlace {
  readonly object: object;
  readonly key: string | symbol;
  /** Not NaN, which equals nothing. */
  readonly value: unknown;
}

type Look = () => boolean;
type MakeLook = (objects: readonly object[], symbols: readonly symbol[], values: readonly unknown[]) => Look;

/** Of realms with the same properties the code is the same. */
let last: { readonly code: string; readonly script: Script } | undefined;

/** It runs as a realm's own code, so that what V8 learns of that realm's objects is not mixed with what it learns of others. */
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
