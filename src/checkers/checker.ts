/**
 * The interface of checkers: a checker observes a history operation by operation, and returns a verdict at the end.
 *
 * Checkers are pure: no I/O, no clock, no randomness; they run in a browser. They keep only what they need (columns,
 * bitsets, counts), so that a history of millions of operations need not be held in memory as objects.
 */
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';

/** `unknown` means that nothing was proved either way. Merging takes the worst: false, then unknown, then true. */
export type Validity = true | false | 'unknown';

/** A result map with upstream's key names, always including `valid?`. Operations in it are `Op` objects. */
export type CheckResult = { readonly 'valid?': Validity } & { readonly [key: string]: ResultValue };

/** Possible values in a result: JSON, operations, undefined (left out). */
export type ResultValue =
  Json | Op | undefined | readonly ResultValue[] | { readonly [key: string]: ResultValue };

/** The result if the history is malformed or the budget ran out: only the reason. */
export type NoVerdict = { readonly 'valid?': 'unknown'; readonly error: string };

/** Replaces the result of a checker that threw or was stopped. */
export type CheckerFailure = NoVerdict & { readonly 'checker-failed?': true };

/** The result of a checker that may reach no verdict, in which case it has `error` and no other fields. */
export type OrNoVerdict<Result> = OneOf<Result | NoVerdict>;

/**
 * One of several types, where fields of the others are undefined: any field can be read, and shows which type it is.
 */
export type OneOf<Types, Key extends PropertyKey = KeyOf<Types>> = Types extends unknown
  ? Types & { readonly [Other in Exclude<Key, keyof Types>]?: undefined }
  : never;

type KeyOf<Types> = Types extends unknown ? keyof Types : never;

/** Limits how long a checker may run; past it the checker returns `unknown` with how far it got. */
export interface Budget {
  /** Called periodically (every few thousand steps) by potentially long loops; true means stop. */
  exhausted(): boolean;
  /** Whether it is certain to be exhausted eventually, so that searches need no limit of their own. */
  readonly isFinite?: boolean;
  /** Limit shared by the searches of many keys if no budget is certain to end them; each counts it down. */
  readonly shared?: { configurationsLeft: number } | undefined;
}

/** `Result` has upstream's keys as its fields; functions that explain it or gather evidence take the same type. */
export interface Checker<Result extends CheckResult = CheckResult> {
  /** Observes the next operation, of a client or the nemesis, in order of index. */
  observe(op: Op): void;
  /** Returns the verdict on everything observed. Call it once. */
  result(budget?: Budget): Result;
  /**
   * What is wrong with the history itself, once an operation shows it: a clause that names the operation. A file reader
   * can then stop and report the line. Not every checker detects this.
   */
  readonly malformed?: string | undefined;
}

/** Returns a checker's result for a whole history. */
export function resultOver<Operation, Result>(
  checker: { observe(op: Operation): void; result(budget?: Budget): Result },
  ops: Iterable<Operation>,
  budget?: Budget,
): Result {
  for (const op of ops) checker.observe(op);
  return checker.result(budget);
}

/** Returns the result for an invalid history. The clause says what was seen and what was expected. */
export function malformedResult(malformed: string): NoVerdict {
  return { 'valid?': 'unknown', error: `The history is malformed: ${malformed}.` };
}

/** For sentences about operations. */
export type { NodeOf } from '../history/client-book.ts';

/** Whether a value in a result is an operation. */
export function isOp(value: unknown): value is Op {
  return (
    typeof value === 'object' && value !== null && 'index' in value && 'process' in value && 'type' in value
  );
}

/** Whether a value in a result is a map. Operations count as maps too. */
export function isResultMap(value: ResultValue): value is { readonly [key: string]: ResultValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the worst of several verdicts; true if there are none. */
export function mergeValidity(verdicts: Iterable<Validity>): Validity {
  let worst: Validity = true;
  for (const verdict of verdicts) {
    if (verdict === false) return false;
    if (verdict === 'unknown') worst = 'unknown';
  }
  return worst;
}
