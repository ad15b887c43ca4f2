/** This realm's URL and URLSearchParams. Only text crosses to the harness, which parses and serializes it. */
import { bridge, type QueryPairs, type UrlPart, type UrlParts } from '../bridge.ts';
import { CUSTOM, inspect } from './inspect.ts';

/** Converts any argument to a string, as the language does. */
const textOf = (value: unknown): string => String(value);

const PARTS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const satisfies readonly UrlPart[];

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class's static block defines each part
export interface URL extends UrlParts {}

export class URL {
  #parts: UrlParts;
  #query: URLSearchParams | undefined;

  constructor(input: unknown, base?: unknown) {
    this.#parts = parse(textOf(input), base === undefined ? undefined : textOf(base));
  }

  static canParse(input: unknown, base?: unknown): boolean {
    return bridge.parseUrl(textOf(input), base === undefined ? undefined : textOf(base)) !== undefined;
  }

  static parse(input: unknown, base?: unknown): URL | null {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  static {
    for (const name of PARTS) {
      Object.defineProperty(URL.prototype, name, {
        get(this: URL): string {
          return this.#parts[name];
        },
        ...(name !== 'origin' && {
          set(this: URL, value: unknown): void {
            this.#change(name, value);
          },
        }),
        enumerable: true,
        configurable: true,
      });
    }
  }

  get searchParams(): URLSearchParams {
    this.#query ??= linked(this.#parts.search, (text) => this.#change('search', text));
    return this.#query;
  }

  toString(): string {
    return this.href;
  }
  toJSON(): string {
    return this.href;
  }

  [CUSTOM](_depth: number, options: object): string {
    const { hash, ...parts } = this.#parts;
    return `URL ${inspect({ ...parts, searchParams: this.searchParams, hash }, options)}`;
  }

  #change(name: UrlPart, value: unknown): void {
    const text = textOf(value);
    this.#parts =
      name === 'href'
        ? parse(text, undefined)
        : (JSON.parse(bridge.changeUrl(this.#parts.href, name, text)) as UrlParts); // the harness wrote it
    if ((name === 'href' || name === 'search') && this.#query !== undefined)
      replaceText(this.#query, this.#parts.search);
  }
}
Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });

function parse(input: string, base: string | undefined): UrlParts {
  const parts = bridge.parseUrl(input, base);
  if (parts === undefined) {
    const error = new TypeError('Invalid URL');
    throw Object.assign(error, { code: 'ERR_INVALID_URL', input }, base === undefined ? {} : { base });
  }
  return JSON.parse(parts) as UrlParts; // the harness wrote it
}

/** Set by the class, which alone can access its private fields. */
let linked: (text: string, onChange: (text: string) => void) => URLSearchParams;
let replaceText: (query: URLSearchParams, text: string) => void;

export class URLSearchParams {
  #pairs: [name: string, value: string][];
  /** Called with the new text after each change. */
  #onChange: ((text: string) => void) | undefined;

  static {
    linked = (text, onChange) => {
      const query = new URLSearchParams(text);
      query.#onChange = onChange;
      return query;
    };
    replaceText = (query, text) => void (query.#pairs = readText(text));
  }

  constructor(init?: unknown) {
    this.#pairs = readInit(init);
  }

  get size(): number {
    return this.#pairs.length;
  }
  append(name: unknown, value: unknown): void {
    this.#pairs.push([textOf(name), textOf(value)]);
    this.#changed();
  }
  delete(name: unknown, value?: unknown): void {
    this.#pairs = this.#pairs.filter((pair) => !matches(pair, name, value));
    this.#changed();
  }
  get(name: unknown): string | null {
    return this.#pairs.find((pair) => matches(pair, name))?.[1] ?? null;
  }
  getAll(name: unknown): string[] {
    return this.#pairs.filter((pair) => matches(pair, name)).map(([, value]) => value);
  }
  has(name: unknown, value?: unknown): boolean {
    return this.#pairs.some((pair) => matches(pair, name, value));
  }
  set(name: unknown, value: unknown): void {
    const first = this.#pairs.findIndex((pair) => matches(pair, name));
    if (first === -1) this.#pairs.push([textOf(name), textOf(value)]);
    else {
      this.#pairs = this.#pairs.filter((pair, at) => at <= first || !matches(pair, name));
      this.#pairs[first] = [textOf(name), textOf(value)];
    }
    this.#changed();
  }
  sort(): void {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }
  forEach(callback: (value: string, name: string, query: this) => void, self?: unknown): void {
    for (const [name, value] of this) Reflect.apply(callback, self, [value, name, this]);
  }
  *entries(): IterableIterator<[string, string]> {
    for (let at = 0; ; at++) {
      const pair = this.#pairs[at];
      if (pair === undefined) return;
      yield [...pair];
    }
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return bridge.writeQuery(JSON.stringify(this.#pairs));
  }

  [CUSTOM](_depth: number, options: object): string {
    const shown = this.#pairs.map(
      ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`,
    );
    return shown.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${shown.join(', ')} }`;
  }

  #changed(): void {
    this.#onChange?.(this.toString());
  }
}
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, {
  value: 'URLSearchParams',
  configurable: true,
});

function matches([name, value]: readonly [string, string], wanted: unknown, wantedValue?: unknown): boolean {
  return name === textOf(wanted) && (wantedValue === undefined || value === textOf(wantedValue));
}

function readText(text: string): [string, string][] {
  const pairs = JSON.parse(bridge.readQuery(text)) as QueryPairs; // the harness wrote it
  return pairs.map(([name, value]) => [name, value]);
}

function readInit(init: unknown): [string, string][] {
  if (init === undefined || init === null) return [];
  if (typeof init !== 'object' && typeof init !== 'function') return readText(textOf(init));
  if (!(Symbol.iterator in init)) return Object.entries(init).map(([name, value]) => [name, textOf(value)]);
  return Array.from(init as Iterable<unknown>, (pair) => {
    const [name, value, ...more] = Array.from(pair as Iterable<unknown>);
    if (value === undefined || more.length > 0) {
      const error = new TypeError('Each query pair must be an iterable [name, value] tuple');
      throw Object.assign(error, { code: 'ERR_INVALID_TUPLE' });
    }
    return [textOf(name), textOf(value)];
  });
}
