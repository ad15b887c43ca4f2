/**
 * What a checker is: something that watches a history go by, operation by operation, and in the end gives a verdict.
 *
 * Checkers are pure: no I/O, no clock, no randomness; they run in a browser. They keep only what they need (columns,
 * bitsets, counts), so that a history of millions of operations need not be held in memory as objects.
 */
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';

/** `unknown` means that nothing was proved either way. Merging takes the worst: false, then unknown, then true. */
export type Validity = true | false | 'unknown';

/** A result map with upstream's key names; every one has `valid?`. Operations in it are `Op` objects. */
export type CheckResult = { readonly 'valid?': Validity } & { readonly [key: string]: ResultValue };

/** What may stand in a result: JSON, operations, undefined (left out). */
export type ResultValue =
  Json | Op | undefined | readonly ResultValue[] | { readonly [key: string]: ResultValue };

/** The result where nothing can be judged, as the history is malformed or the budget was used up: why, and nothing else. */
export type NoVerdict = { readonly 'valid?': 'unknown'; readonly error: string };

/** The result in place of that of a checker which has thrown, or was ended. */
export type CheckerFailure = NoVerdict & { readonly 'checker-failed?': true };

/** The result of a checker that may come to no verdict: then `error` is there, and nothing else. */
export type OrNoVerdict<Result> = OneOf<Result | NoVerdict>;

/** One of several types, each without the fields of the others: any field can be read, and shows which type it is. */
export type OneOf<Types, Key extends PropertyKey = KeyOf<Types>> = Types extends unknown
  ? Types & { readonly [Other in Exclude<Key, keyof Types>]?: undefined }
  : never;

type KeyOf<Types> = Types extends unknown ? keyof Types : never;

/** Says how long a checker may go on; past it the checker answers `unknown` with how far it got. */
export interface Budget {
  /** Asked now and then (every few thousand steps) by loops that could be long; true means stop. */
  exhausted(): boolean;
  /** Whether it is exhausted some time in any case: searches then need no bound of their own. */
  readonly isFinite?: boolean;
  /** What the searches of many keys may visit together where no budget is sure to end them; each counts it down. */
  readonly shared?: { configurationsLeft: number } | undefined;
}

/** `Result` has upstream's keys as its fields; what explains it, or gathers evidence for it, takes the same type. */
export interface Checker<Result extends CheckResult = CheckResult> {
  /** Takes the next operation, in order of index: client operations and the nemesis's. */
  observe(op: Op): void;
  /** The verdict over everything observed. Called once. */
  result(budget?: Budget): Result;
  /**
   * What is wrong with the history itself, once an operation has shown it: a clause that names the operation. A reader of a
   * file can then stop and report the line. Not every checker looks.
   */
  readonly malformed?: string | undefined;
}

/** What a checker says of a whole history. */
export function resultOver<Operation, Result>(
  checker: { observe(op: Operation): void; result(budget?: Budget): Result },
  ops: Iterable<Operation>,
  budget?: Budget,
): Result {
  for (const op of ops) checker.observe(op);
  return checker.result(budget);
}

/** The result over a history that is no history; the clause says what was seen and what was expected. */
export function malformedResult(malformed: string): NoVerdict {
  return { 'valid?': 'unknown', error: `The history is malformed: ${malformed}.` };
}

/** For sentences about operations. */
export type { NodeOf } from '../history/client-book.ts';

/** Whether a value of a result is an operation. */
export function isOp(value: unknown): value is Op {
  return (
    typeof value === 'object' && value !== null && 'index' in value && 'process' in value && 'type' in value
  );
}

/** Whether a value of a result is a map (an operation is one too). */
export function isResultMap(value: ResultValue): value is { readonly [key: string]: ResultValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The worst of several verdicts; true when there are none. */
export function mergeValidity(verdicts: Iterable<Validity>): Validity {
  let worst: Validity = true;
  for (const verdict of verdicts) {
    if (verdict === false) return false;
    if (verdict === 'unknown') worst = 'unknown';
  }
  return worst;
}
