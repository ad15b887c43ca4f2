/**
 * The operations that a workload's clients support, and the form of their invoked values, to check operations from
 * files.
 */
import type { Json } from '../protocol/json.ts';

export interface OperationForm {
  readonly f: string;
  /** A description of `value` that ends a sentence. */
  readonly expected: string;
  accepts(value: Json): boolean;
}

export const withoutValue = (f: string): OperationForm => ({
  f,
  expected: 'null',
  accepts: (value) => value === null,
});

export const withAnyValue = (f: string): OperationForm => ({
  f,
  expected: 'any value',
  accepts: () => true,
});

/** `least` is the minimum. */
export const withInteger = (f: string, least: number): OperationForm => ({
  f,
  expected: least === -Infinity ? 'an integer' : `an integer of at least ${least}`,
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= least,
});

/** A transaction: micro-operations `["r", key, null]` and `[write, key, value]`. */
export const transaction = (write: string): OperationForm => ({
  f: 'txn',
  expected: `an array of micro-operations, each ["r", key, null] or ["${write}", key, value]`,
  accepts: (value) =>
    Array.isArray(value) &&
    value.every(
      (one: Json) =>
        isArrayOf(one, 3) && (one[0] === write ? one[2] !== null : one[0] === 'r' && one[2] === null),
    ),
});

export const isArrayOf = (value: Json, length: number): value is readonly Json[] =>
  Array.isArray(value) && value.length === length;
