/** Errors about arguments, with Node's codes and texts, since programs distinguish errors by `code`. */
import { bridge } from './bridge.ts';

/** `expected` is worded as in Node: `number`, `string or an instance of Error`, `an instance of Array`. */
export function wrongArgument(name: string, expected: string, value: unknown): TypeError {
  const error = new TypeError(
    `The "${name}" ${name.includes('.') ? 'property' : 'argument'} must be ${asType(expected)}. Received ${received(value)}`,
  );
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

export function invalidValue(name: string, value: unknown): TypeError {
  const error = new TypeError(
    `The argument '${name}' is invalid. Received ${bridge.inspect(value, undefined)}`,
  );
  return Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
}

export function outOfRange(name: string, range: string, value: unknown): RangeError {
  const error = new RangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${String(value)}`,
  );
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

const asType = (expected: string): string => (/^an? /.test(expected) ? expected : `of type ${expected}`);

/** Describes the received value as Node does. */
export function received(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const { constructor } = value as { constructor?: { name?: unknown } };
    return typeof constructor?.name === 'string' && constructor.name !== ''
      ? `an instance of ${constructor.name}`
      : bridge.inspect(value, { depth: -1 });
  }
  const shown = bridge.inspect(value, undefined);
  return `type ${typeof value} (${shown.length > 28 ? `${shown.slice(0, 25)}...` : shown})`;
}
