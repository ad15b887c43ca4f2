/**
 * `util.inspect` and `util.format`: the harness's own do the work, and objects that show themselves
 * (`[util.inspect.custom]`) are called from here.
 *
 * The harness would hand such an object its own functions. So in this realm the symbol is another, and what the
 * harness finds under its own is a function of this realm, which passes on nothing of the harness's.
 */
import { bridge } from '../bridge.ts';

const KEY = 'nodejs.util.inspect.custom';
/** What programs get for what the harness looks for. (In a realm that is not new, `Symbol.for` is changed already.) */
export const CUSTOM = bridge.isNewRealm ? Symbol(KEY) : Symbol.for(KEY);

/** Once in a realm, for all processes that follow one another in it. */
export function useOwnCustom(): void {
  const outerSymbolFor = Symbol.for;
  Object.defineProperty(Symbol, 'for', {
    value: (key: string): symbol => (key === KEY ? CUSTOM : outerSymbolFor(key)),
    writable: true,
    configurable: true,
  });
  // oxlint-disable-next-line no-extend-native -- the one place where the harness looks for it, on every object
  Object.defineProperty(Object.prototype, outerSymbolFor(KEY), {
    get(this: object) {
      const custom: unknown = Reflect.get(this, CUSTOM);
      if (typeof custom !== 'function') return undefined;
      return (depth: number, options: object): unknown =>
        Reflect.apply(custom, this, [depth, ownOptions(options), bridge.realm.inspect]);
    },
  });
}

/** What can be said in values of no realm. */
function ownOptions(options: object): object {
  const simple = Object.entries(options).filter(([, value]) => !/^(?:object|function)$/.test(typeof value));
  return { ...Object.fromEntries(simple), stylize: (text: unknown): string => String(text) };
}

export function inspect(value: unknown, options?: unknown): string {
  return bridge.inspect(value, options);
}

export function format(...parts: unknown[]): string {
  return bridge.format(parts);
}

export function formatWithOptions(options: object, ...parts: unknown[]): string {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('The "options" argument must be of type object');
  return bridge.format(parts, options);
}

bridge.realm.inspect = inspect;
