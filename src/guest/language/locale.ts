/**
 * The default locale, which the language takes from the machine, is en-US everywhere in the simulation. (The time zone is
 * UTC: harness/one-test/open-world.ts sets it for the whole process.)
 */
const LOCALE = 'en-US';

interface Formatter {
  new (locales: unknown, ...rest: unknown[]): object;
  readonly prototype: object;
  supportedLocalesOf(locales: unknown): string[];
}

const FORMATTERS = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'DurationFormat',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
] as const;

/** Returns the given locales, or en-US if none of them is supported, where the language would take the machine's. */
function chosen(formatter: Formatter, given: unknown): unknown {
  if (given === undefined) return LOCALE;
  return formatter.supportedLocalesOf(given).length > 0 ? given : LOCALE;
}

/** Returns the formatter's class, or undefined if this version of V8 lacks it. */
const formatterOf = (name: (typeof FORMATTERS)[number]): Formatter | undefined =>
  (Intl as unknown as Readonly<Record<string, Formatter | undefined>>)[name]; // they are classes

function fixFormatter(name: (typeof FORMATTERS)[number]): void {
  const formatter = formatterOf(name);
  if (formatter === undefined) return;
  const localesFirst = ([locales, ...rest]: readonly unknown[]): unknown[] => [
    chosen(formatter, locales),
    ...rest,
  ];
  const fixed = new Proxy(formatter, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, localesFirst(given), newTarget) as object, // an object, as of any class
    apply: (target, self, given) =>
      Reflect.apply(target as unknown as () => unknown, self, localesFirst(given)),
  });
  Object.defineProperty(Intl, name, { value: fixed, writable: true, configurable: true });
  Object.defineProperty(formatter.prototype, 'constructor', {
    value: fixed,
    writable: true,
    configurable: true,
  });
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Methods that take locales, with the index of that argument and the formatter they use. */
const METHODS: readonly (readonly [
  prototype: object,
  names: readonly string[],
  place: number,
  formatter: Formatter | undefined,
])[] = [
  [Number.prototype, ['toLocaleString'], 0, formatterOf('NumberFormat')],
  [BigInt.prototype, ['toLocaleString'], 0, formatterOf('NumberFormat')],
  [
    Date.prototype,
    ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'],
    0,
    formatterOf('DateTimeFormat'),
  ],
  [String.prototype, ['localeCompare'], 1, formatterOf('Collator')],
  // These fall back to the language-neutral mapping for unknown locales.
  [String.prototype, ['toLocaleLowerCase', 'toLocaleUpperCase'], 0, undefined],
];

function fixMethod(prototype: object, name: string, place: number, formatter: Formatter | undefined): void {
  const original = Reflect.get(prototype, name) as Method; // of the language
  const { [name]: fixed } = {
    [name](this: unknown, ...given: unknown[]): unknown {
      const locales = given[place];
      given[place] = formatter === undefined ? (locales ?? LOCALE) : chosen(formatter, locales);
      return Reflect.apply(original, this, given);
    },
  };
  Object.defineProperty(fixed, 'length', { value: original.length, configurable: true });
  Object.defineProperty(prototype, name, { value: fixed, writable: true, configurable: true });
}

/** The name of the time zone, which V8 prints in the machine's language. */
const ZONE_NAME = /\(.*\)$/;

function fixZoneName(name: 'toString' | 'toTimeString'): void {
  // eslint-disable-next-line typescript/unbound-method -- applied to each date below
  const original = Date.prototype[name];
  const { [name]: fixed } = {
    [name](this: Date): string {
      return Reflect.apply(original, this, []).replace(ZONE_NAME, '(Coordinated Universal Time)');
    },
  };
  // oxlint-disable-next-line no-extend-native -- this realm's, which is the program's alone
  Object.defineProperty(Date.prototype, name, { value: fixed, writable: true, configurable: true });
}

export function useOneLocale(): void {
  for (const [prototype, names, place, formatter] of METHODS)
    for (const name of names) fixMethod(prototype, name, place, formatter);
  for (const name of FORMATTERS) fixFormatter(name);
  fixZoneName('toString');
  fixZoneName('toTimeString');
}
