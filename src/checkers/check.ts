/**
 * Judges a history by the name of a model: what Jepsen, Elle and Knossos do, in one function.
 *
 *     check('list-append', ops, { 'consistency-models': ['snapshot-isolation'] })['valid?']
 *     check('cas-register', ops, { 'independent?': true })
 *     check({ name: 'counter', init: 0, step: (n, f, value) => ... }, ops)
 *
 * Model names stand in model-table.ts; behind each is a typed function such as `checkListAppend`. For histories that come
 * bit by bit, `checkerFor` gives the checker itself, which keeps columns as it observes.
 */
import type { Op, OpType } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import {
  isResultMap,
  malformedResult,
  type Budget,
  type Checker,
  type CheckResult,
  type NodeOf,
} from './checker.ts';
import type { LinearizableOptions } from './linearizable/linearizable.ts';
import type { SequentialModel } from './linearizable/models.ts';
import { customChecker, modelEntry, type ModelName, type OptionsByModel } from './model-table.ts';

/** An operation as it stands in a history file: what can be filled in may be missing. */
export interface HistoryOp {
  /** Position in the history; where missing, that in `ops`. */
  readonly index?: number | undefined;
  /** Nanoseconds; where missing, 0. */
  readonly time?: number | undefined;
  readonly type: OpType;
  /** Clients have integers; whatever is not one (`"nemesis"`) is no client. */
  readonly process: number | string | null;
  /** May be missing where values are transactions. */
  readonly f?: string | undefined;
  readonly value?: Json | undefined;
  readonly error?: Json | undefined;
  readonly final?: boolean | undefined;
  /** The same, as Jepsen writes it. */
  readonly 'final?'?: boolean | undefined;
}

export interface CheckLimits {
  /** Asked now and then; past it the verdict is `unknown`, with how far the check came. See `within`. */
  readonly budget?: Budget | undefined;
}

/**
 * The verdict, with upstream's keys: `valid?` and, depending on the model, `anomaly-types`, `not`, `lost-count`, `op`, ...
 *
 * `ops` are in the order of the history. A history that is none (a process that invokes twice, a micro-operation that does
 * not exist) is `unknown`, and `error` says why. Throws `UserError` for a model, a consistency model or an option that
 * does not exist, and for an operation that the model does not know.
 */
export function check<Name extends ModelName>(
  model: Name,
  ops: Iterable<HistoryOp>,
  options?: OptionsByModel[Name] & CheckLimits,
): CheckResult;
export function check(
  model: SequentialModel,
  ops: Iterable<HistoryOp>,
  options?: LinearizableOptions & CheckLimits,
): CheckResult;
export function check(
  model: ModelName | SequentialModel,
  ops: Iterable<HistoryOp>,
  options: CheckLimits = {},
): CheckResult {
  const { budget, ...own } = options;
  const checker = typeof model === 'string' ? modelEntry(model).checker(own) : customChecker(model, own);
  let position = 0;
  for (const op of ops) {
    const problem = observe(checker, op, position);
    if (problem !== undefined) return malformedResult(problem);
    position++;
    if (budget !== undefined && position % OPS_BETWEEN_QUESTIONS === 0 && budget.exhausted()) {
      return unfinishedResult(position);
    }
  }
  return checker.result(budget);
}

/** The checker of that name, for histories that come bit by bit: `observe` each operation, then `result`. */
export function checkerFor<Name extends ModelName>(model: Name, options?: OptionsByModel[Name]): Checker {
  return modelEntry(model).checker({ ...options });
}

/** What a result of that model means, in a sentence or two; undefined when it is valid, or there is nothing to add. */
export function explain(model: ModelName, result: CheckResult, nodeOf?: NodeOf): string | undefined {
  if (result['valid?'] === true) return undefined;
  return whyNoVerdict(result) ?? modelEntry(model).explain(result, nodeOf);
}

/** Why there is no verdict, where an error is the reason: the history is malformed, or the budget was used up. */
export function whyNoVerdict({ 'valid?': verdict, error }: CheckResult): string | undefined {
  const message = isResultMap(error) ? error['message'] : error;
  return verdict === 'unknown' && typeof message === 'string' ? `There is no verdict: ${message}` : undefined;
}

/** How many operations are observed before the budget is asked again. */
const OPS_BETWEEN_QUESTIONS = 4096;

/** The result for a history without any operation: nothing was asked, so nothing is known. */
export function emptyResult(): CheckResult {
  return {
    'valid?': 'unknown',
    error: { type: 'empty-history', message: 'The history is empty: it holds no operation.' },
  };
}

/** The result when the budget ran out before the whole history had been observed. */
export function unfinishedResult(operations: number): CheckResult {
  return {
    'valid?': 'unknown',
    error: {
      type: 'budget-exhausted',
      message: `The budget was used up when ${operations} operations of the history had been read; nothing is known of the rest.`,
      phase: 'reading the history',
      operations,
    },
  };
}

/** Hands an operation on with what is missing filled in; a clause where it is none. */
function observe(checker: Checker, op: HistoryOp, position: number): string | undefined {
  const problem = problemOf(op);
  if (problem !== undefined) return `operation ${position} ${problem}`;
  checker.observe(isWhole(op) ? op : whole(op, position));
  return undefined;
}

/**
 * Whether nothing needs to be filled in. A missing `f` does not count: the checkers of transactions, which are the ones
 * that allow it, do not look, and evidence then shows the operation as it was given.
 */
function isWhole(op: HistoryOp): op is Op {
  return (
    typeof op.index === 'number' &&
    typeof op.time === 'number' &&
    op.value !== undefined &&
    op['final?'] === undefined &&
    (typeof op.process === 'number' || op.process === 'nemesis')
  );
}

function whole(op: HistoryOp, position: number): Op {
  // Without f it is no Op by the letter; see above.
  const final = op['final?'] ?? op.final;
  return {
    ...op,
    ...(final === undefined ? {} : { final }),
    index: typeof op.index === 'number' ? op.index : position,
    time: typeof op.time === 'number' ? op.time : 0,
    value: op.value ?? null,
    process: typeof op.process === 'number' ? op.process : 'nemesis',
  } as Op;
}

function problemOf(op: HistoryOp): string | undefined {
  if (typeof op !== 'object' || op === null) return `is ${String(op)}; expected an object`;
  switch (op.type) {
    case 'invoke':
    case 'ok':
    case 'fail':
    case 'info':
      break;
    default:
      return `has the type ${String(op.type)}; expected invoke, ok, fail or info`;
  }
  return op.f === undefined || typeof op.f === 'string' ? undefined : 'has an f that is no string';
}
