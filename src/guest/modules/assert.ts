/** `node:assert`: the usual assertions, with messages that show both values. */
import { bridge } from '../bridge.ts';

export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;
  readonly generatedMessage: boolean;
  constructor(options: {
    readonly message?: string | undefined;
    readonly actual?: unknown;
    readonly expected?: unknown;
    readonly operator?: string;
    /** The message if the program gives none. */
    readonly generated?: string;
  }) {
    super(options.message ?? options.generated ?? 'Failed');
    Object.defineProperty(this, 'name', { value: 'AssertionError', configurable: true, writable: true });
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? 'fail';
    this.generatedMessage = options.message === undefined;
  }
}

/** Operators that messages show by a shorter sign. */
const SIGNS: Readonly<Record<string, string>> = { strictEqual: '===', notStrictEqual: '!==' };

type Given = string | Error | undefined;

interface Demand {
  readonly message: Given;
  readonly operator: string;
  readonly actual: unknown;
  readonly expected?: unknown;
  /** The message if the program gives none, in place of both values. */
  readonly words?: string;
}

function demand(holds: boolean, { message, operator, actual, expected, words }: Demand): void {
  if (holds) return;
  if (message instanceof Error) throw message;
  const shown = `${bridge.inspect(actual, undefined)} ${SIGNS[operator] ?? operator} ${bridge.inspect(expected, undefined)}`;
  throw new AssertionError({ message, actual, expected, operator, generated: words ?? `Expected: ${shown}` });
}

type Expected = RegExp | ((error: unknown) => unknown) | object | string | undefined;

function matches(error: unknown, expected: Exclude<Expected, string>): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') {
    const { prototype } = expected as { prototype?: unknown };
    if (prototype !== undefined && error instanceof (expected as new () => object)) return true;
    if (prototype instanceof Error || expected === Error) return false;
    return Reflect.apply(expected, undefined, [error]) === true;
  }
  const wanted = Object.entries(expected);
  // Errors are also compared by these two properties, which are not enumerable.
  if (expected instanceof Error) wanted.push(['name', expected.name], ['message', expected.message]);
  return wanted.every(([key, value]) => {
    const seen: unknown = Reflect.get(Object(error) as object, key);
    return value instanceof RegExp ? value.test(String(seen)) : bridge.deepStrictEqual(seen, value);
  });
}

function ok(value?: unknown, message?: Given): void {
  const words = 'The expression evaluated to a falsy value';
  demand(Boolean(value), { message, operator: '==', actual: value, expected: true, words });
}

type Compare = (a: unknown, b: unknown, message?: Given) => void;

const comparison =
  (operator: string, holds: (a: unknown, b: unknown) => boolean): Compare =>
  (actual, expected, message) =>
    demand(holds(actual, expected), { message, operator, actual, expected });

// oxlint-disable-next-line eqeqeq -- what assert.equal does
const looselyEqual = (a: unknown, b: unknown): boolean => a == b || (Number.isNaN(a) && Number.isNaN(b));
const deepEqual = (a: unknown, b: unknown): boolean => bridge.deepEqual(a, b);
const deepStrictEqual = (a: unknown, b: unknown): boolean => bridge.deepStrictEqual(a, b);

/** Reads the arguments of `throws(run, expected?, message?)`; a string as the second argument is the message. */
function expectation(
  expected: Expected,
  message: Given,
): { wanted: Exclude<Expected, string>; message: Given } {
  return typeof expected === 'string'
    ? { wanted: undefined, message: expected }
    : { wanted: expected, message };
}

function caught(error: unknown, expected: Expected, given: Given): void {
  const { wanted, message } = expectation(expected, given);
  demand(matches(error, wanted), { message, operator: 'throws', actual: error, expected: wanted });
}

function missing(operator: 'throws' | 'rejects', expected: Expected, given: Given): void {
  const { wanted, message } = expectation(expected, given);
  const what = operator === 'throws' ? 'exception' : 'rejection';
  const name = typeof wanted === 'function' && wanted.name !== '' ? ` (${wanted.name})` : '';
  const text = `Missing expected ${what}${name}${typeof message === 'string' ? `: ${message}` : '.'}`;
  const shown = message instanceof Error ? message : text;
  demand(false, { message: shown, operator, actual: undefined, expected: wanted });
}

const plain = {
  AssertionError,
  ok,
  equal: comparison('==', looselyEqual),
  notEqual: comparison('!=', (a, b) => !looselyEqual(a, b)),
  strictEqual: comparison('strictEqual', Object.is),
  notStrictEqual: comparison('notStrictEqual', (a, b) => !Object.is(a, b)),
  deepEqual: comparison('deepEqual', deepEqual),
  notDeepEqual: comparison('notDeepEqual', (a, b) => !deepEqual(a, b)),
  deepStrictEqual: comparison('deepStrictEqual', deepStrictEqual),
  notDeepStrictEqual: comparison('notDeepStrictEqual', (a, b) => !deepStrictEqual(a, b)),
  match: (text: string, pattern: RegExp, message?: Given): void =>
    demand(typeof text === 'string' && pattern.test(text), {
      message,
      operator: 'match',
      actual: text,
      expected: pattern,
    }),
  doesNotMatch: (text: string, pattern: RegExp, message?: Given): void =>
    demand(typeof text === 'string' && !pattern.test(text), {
      message,
      operator: 'doesNotMatch',
      actual: text,
      expected: pattern,
    }),
  fail: (message?: Given): never => {
    throw message instanceof Error
      ? message
      : new AssertionError({ message, operator: 'fail', generated: 'Failed' });
  },
  ifError: (value: unknown): void => {
    if (value === null || value === undefined) return;
    const said = value instanceof Error ? value.message : bridge.inspect(value, undefined);
    const words = `ifError got unwanted exception: ${said}`;
    demand(false, { message: words, operator: 'ifError', actual: value, expected: null });
  },
  throws: (run: () => unknown, expected?: Expected, message?: Given): void => {
    try {
      run();
    } catch (error) {
      return caught(error, expected, message);
    }
    missing('throws', expected, message);
  },
  doesNotThrow: (run: () => unknown): void => void run(),
  rejects: async (run: Promise<unknown> | (() => Promise<unknown>), expected?: Expected, message?: Given) => {
    try {
      await (typeof run === 'function' ? run() : run);
    } catch (error) {
      return caught(error, expected, message);
    }
    missing('rejects', expected, message);
  },
  doesNotReject: async (run: Promise<unknown> | (() => Promise<unknown>)) => {
    await (typeof run === 'function' ? run() : run);
  },
};

export const assertStrict = Object.assign((value?: unknown, message?: Given): void => ok(value, message), {
  ...plain,
  equal: plain.strictEqual,
  notEqual: plain.notStrictEqual,
  deepEqual: plain.deepStrictEqual,
  notDeepEqual: plain.notDeepStrictEqual,
});

export const assertModule = Object.assign((value?: unknown, message?: Given): void => ok(value, message), {
  ...plain,
  strict: assertStrict,
});
