/**
 * `util.inspect` and `util.format`: the harness's own do the work, and objects that show themselves
 * (`[util.inspect.custom]`) are called from here.
 *
 * The harness would hand such an object its own functions. So in this realm the symbol is another, and what the
 * harness finds under its own is a function of this realm, which passes on nothing of the harness's.
 */
import { bridge } from '../bridge.ts';
import { wrongArgument } from '../wrong-argument.ts';

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

/** Node's, which a program may change for all that it shows. */
const NODES_DEFAULTS: Readonly<Record<string, unknown>> = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

const defaults: Record<string, unknown> = { ...NODES_DEFAULTS };

/** Those that the program has changed; undefined when it has changed none. */
function changedDefaults(): Record<string, unknown> | undefined {
  const changed = Object.entries(defaults).filter(([name, value]) => value !== NODES_DEFAULTS[name]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function showValue(value: unknown, options?: unknown): string {
  const changed = changedDefaults();
  if (changed === undefined) return bridge.inspect(value, options);
  return bridge.inspect(value, { ...changed, ...(options as object | undefined) });
}

/** As `util.format` and `console.log` show values. */
export function formatParts(parts: readonly unknown[]): string {
  return bridge.format(parts, changedDefaults());
}

export const inspect = Object.defineProperties(Object.assign(showValue, { custom: CUSTOM }), {
  name: { value: 'inspect' },
  defaultOptions: {
    get: () => defaults,
    set(options: unknown) {
      if (typeof options !== 'object' || options === null) throw wrongArgument('options', 'object', options);
      Object.assign(defaults, options);
    },
  },
});

export const format = (...parts: unknown[]): string => formatParts(parts);

export function formatWithOptions(options: object, ...parts: unknown[]): string {
  if (typeof options !== 'object' || options === null)
    throw wrongArgument('inspectOptions', 'object', options);
  return bridge.format(parts, options);
}

bridge.realm.inspect = inspect;
