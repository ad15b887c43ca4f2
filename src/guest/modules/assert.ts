/** `node:assert`: the usual assertions, with messages that show both values. */
import { bridge } from '../bridge.ts';

export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;
  readonly generatedMessage: boolean;
  constructor(options: { message?: string; actual?: unknown; expected?: unknown; operator?: string }) {
    super(options.message ?? 'Failed');
    Object.defineProperty(this, 'name', { value: 'AssertionError', configurable: true, writable: true });
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? 'fail';
    this.generatedMessage = options.message === undefined;
  }
}

type Given = string | Error | undefined;

function demand(holds: boolean, given: Given, operator: string, actual: unknown, expected?: unknown): void {
  if (holds) return;
  if (given instanceof Error) throw given;
  const shown = `${bridge.inspect(actual, undefined)} ${operator} ${bridge.inspect(expected, undefined)}`;
  const message =
    given ?? (operator === 'ok' ? 'The expression evaluated to a falsy value' : `Expected: ${shown}`);
  throw new AssertionError({ message, actual, expected, operator });
}

type Expected = RegExp | ((error: unknown) => unknown) | object | undefined;

function matches(error: unknown, expected: Expected): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') {
    const { prototype } = expected as { prototype?: unknown };
    if (prototype !== undefined && error instanceof (expected as new () => object)) return true;
    if (prototype instanceof Error || expected === Error) return false;
    return Reflect.apply(expected, undefined, [error]) === true;
  }
  return Object.entries(expected).every(([key, value]) => {
    const seen: unknown = Reflect.get(Object(error) as object, key);
    return value instanceof RegExp ? value.test(String(seen)) : bridge.deepStrictEqual(seen, value);
  });
}

function ok(value?: unknown, message?: Given): void {
  demand(Boolean(value), message, 'ok', value, true);
}

const plain = {
  AssertionError,
  ok,
  equal: (a: unknown, b: unknown, message?: Given): void =>
    // oxlint-disable-next-line eqeqeq -- what assert.equal does
    demand(a == b || (Number.isNaN(a) && Number.isNaN(b)), message, '==', a, b),
  notEqual: (a: unknown, b: unknown, message?: Given): void =>
    // oxlint-disable-next-line eqeqeq -- what assert.notEqual does
    demand(a != b, message, '!=', a, b),
  strictEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(Object.is(a, b), message, '===', a, b),
  notStrictEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(!Object.is(a, b), message, '!==', a, b),
  deepEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(bridge.deepEqual(a, b), message, 'deepEqual', a, b),
  notDeepEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(!bridge.deepEqual(a, b), message, 'notDeepEqual', a, b),
  deepStrictEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(bridge.deepStrictEqual(a, b), message, 'deepStrictEqual', a, b),
  notDeepStrictEqual: (a: unknown, b: unknown, message?: Given): void =>
    demand(!bridge.deepStrictEqual(a, b), message, 'notDeepStrictEqual', a, b),
  match: (text: string, pattern: RegExp, message?: Given): void =>
    demand(pattern.test(text), message, 'match', text, pattern),
  doesNotMatch: (text: string, pattern: RegExp, message?: Given): void =>
    demand(!pattern.test(text), message, 'doesNotMatch', text, pattern),
  fail: (message: Given = 'Failed'): never => {
    throw message instanceof Error ? message : new AssertionError({ message, operator: 'fail' });
  },
  ifError: (value: unknown): void =>
    demand(value === null || value === undefined, undefined, 'ifError', value, null),
  throws: (run: () => unknown, expected?: Expected, message?: Given): void => {
    try {
      run();
    } catch (error) {
      return demand(matches(error, expected), message, 'matches', error, expected);
    }
    demand(false, message ?? 'Missing expected exception.', 'throws', undefined, expected);
  },
  doesNotThrow: (run: () => unknown): void => void run(),
  rejects: async (run: Promise<unknown> | (() => Promise<unknown>), expected?: Expected, message?: Given) => {
    try {
      await (typeof run === 'function' ? run() : run);
    } catch (error) {
      return demand(matches(error, expected), message, 'matches', error, expected);
    }
    demand(false, message ?? 'Missing expected rejection.', 'rejects', undefined, expected);
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
