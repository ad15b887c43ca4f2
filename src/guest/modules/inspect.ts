/**
 * `util.inspect` and `util.format`: the harness's functions do the work, and custom inspection functions
 * (`[util.inspect.custom]`) are called from here.
 *
 * The harness would pass its own functions to them. So this realm has a different symbol, and under the harness's symbol
 * there is a function of this realm that passes on nothing of the harness.
 */
import { bridge } from '../bridge.ts';
import { wrongArgument } from '../wrong-argument.ts';

const KEY = 'nodejs.util.inspect.custom';
/** This realm's `util.inspect.custom`. (In a reused realm `Symbol.for` already returns it.) */
export const CUSTOM = bridge.isNewRealm ? Symbol(KEY) : Symbol.for(KEY);

/** Installs the symbol. Once per realm, for all its processes. */
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

/** Returns the options that are primitive values, which belong to no realm. */
function ownOptions(options: object): object {
  const simple = Object.entries(options).filter(([, value]) => !/^(?:object|function)$/.test(typeof value));
  return { ...Object.fromEntries(simple), stylize: (text: unknown): string => String(text) };
}

/** Node's default options, which a program may change globally. */
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

/** Returns the defaults that the program has changed, or undefined if none. */
function changedDefaults(): Record<string, unknown> | undefined {
  const changed = Object.entries(defaults).filter(([name, value]) => value !== NODES_DEFAULTS[name]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function showValue(value: unknown, options?: unknown): string {
  const changed = changedDefaults();
  if (changed === undefined) return bridge.inspect(value, options);
  return bridge.inspect(value, { ...changed, ...(options as object | undefined) });
}

/** Formats values as `util.format` and `console.log` do. */
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
