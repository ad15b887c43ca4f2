/**
 * Checks a history against a model by name: what Jepsen, Elle and Knossos do, in one function.
 *
 *     check('list-append', ops, { 'consistency-models': ['snapshot-isolation'] })['valid?']
 *     check('cas-register', ops, { 'independent?': true })
 *     check({ name: 'counter', init: 0, step: (n, f, value) => ... }, ops)
 *
 * Model names are in model-table.ts; each stands for a typed function such as `checkListAppend`. For histories that
 * arrive incrementally, `checkerFor` returns the checker itself, which keeps columns as it observes.
 */
import { HistoryError } from '../history/history-error.ts';
import type { Op, OpType } from '../history/op.ts';
import { UnnamedProcesses } from '../history/reading/unnamed-processes.ts';
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
import { customChecker, modelEntry, type ModelName, type OptionsByModel } from './models/model-table.ts';

/** An operation as in a history file: fields with defaults may be missing. */
export interface HistoryOp {
  /** Position in the history. Default: position in `ops`. */
  readonly index?: number | undefined;
  /** In nanoseconds. Default 0. */
  readonly time?: number | undefined;
  readonly type: OpType;
  /**
   * Clients have integers; a name (`"nemesis"`) is not a client. If no operation has a process, the operations happened
   * one after the other.
   */
  readonly process?: number | string | null | undefined;
  /** May be missing if values are transactions. */
  readonly f?: string | undefined;
  readonly value?: Json | undefined;
  readonly error?: Json | undefined;
  readonly final?: boolean | undefined;
  /** Jepsen's spelling of `final`. */
  readonly 'final?'?: boolean | undefined;
}

export interface CheckLimits {
  /** Checked periodically; past it the verdict is `unknown`, with how far the check got. See `within`. */
  readonly budget?: Budget | undefined;
}

/**
 * Returns the verdict, with upstream's keys: `valid?` and, depending on the model, `anomaly-types`, `not`,
 * `lost-count`, `op`, ...
 *
 * Requires `ops` in history order. An invalid history (a process that invokes twice, an unknown micro-operation) is
 * `unknown`, and `error` says why. Throws a `UserError` for an unknown model, consistency model or option, and for an
 * operation that the model does not know.
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
  const processes = new UnnamedProcesses();
  let position = 0;
  for (const op of ops) {
    const problem = observe(checker, op, position, processes);
    if (problem !== undefined) return malformedResult(problem);
    position++;
    if (budget !== undefined && position % OPS_BETWEEN_QUESTIONS === 0 && budget.exhausted()) {
      return unfinishedResult(position);
    }
  }
  return checker.result(budget);
}

/**
 * Returns the checker of that name, for histories that arrive incrementally: `observe` each operation, then `result`.
 */
export function checkerFor<Name extends ModelName>(model: Name, options?: OptionsByModel[Name]): Checker {
  return modelEntry(model).checker({ ...options });
}

/** Explains a result of that model in a sentence or two; undefined if it is valid or there is nothing to add. */
export function explain(model: ModelName, result: CheckResult, nodeOf?: NodeOf): string | undefined {
  if (result['valid?'] === true) return undefined;
  return whyNoVerdict(result) ?? modelEntry(model).explain(result, nodeOf);
}

/** Returns why there is no verdict if an error is the reason: the history is malformed, or the budget ran out. */
export function whyNoVerdict({ 'valid?': verdict, error }: CheckResult): string | undefined {
  const message = isResultMap(error) ? error['message'] : error;
  return verdict === 'unknown' && typeof message === 'string' ? `There is no verdict: ${message}` : undefined;
}

/** Number of operations observed between budget checks. */
const OPS_BETWEEN_QUESTIONS = 4096;

/**
 * Returns the command's result for a history without client operations, which proves nothing. (`check` gives the same
 * results as the original checkers, some of which call an empty history valid.)
 */
export function emptyResult(operations: number): CheckResult {
  const held = operations === 0 ? 'no operation' : "no operation of a client, only the nemesis's";
  return {
    'valid?': 'unknown',
    error: { type: 'empty-history', message: `The history is empty: it holds ${held}.` },
  };
}

/** Returns the result if the budget ran out before the whole history had been observed. */
export function unfinishedResult(operations: number): CheckResult {
  return {
    'valid?': 'unknown',
    error: {
      type: 'budget-exhausted',
      message: `The budget was used up when ${operations} operations of the history had been read; the rest was not checked.`,
      phase: 'reading the history',
      operations,
    },
  };
}

/** Passes on an operation with defaults filled in. Returns a clause if it is not an operation. */
function observe(
  checker: Checker,
  op: HistoryOp,
  position: number,
  processes: UnnamedProcesses,
): string | undefined {
  const problem = problemOf(op);
  if (problem !== undefined) return `operation ${position} ${problem}`;
  try {
    if (isWhole(op)) {
      processes.note(op.process);
      checker.observe(op);
      return undefined;
    }
    const filledIn = whole(op, position, processes);
    for (const assigned of processes.assign(filledIn)) checker.observe(assigned);
    return undefined;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return `operation ${position}: ${error.message}`;
  }
}

/**
 * Whether no defaults are needed. A missing `f` is fine: only the checkers of transactions allow it, and they ignore
 * it, so evidence shows the operation as given.
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

/** Whether the operation is a client's; one without a process counts as such. */
const isOfClient = ({ process = null }: HistoryOp): boolean =>
  process === null || typeof process === 'number';

const numberOf = ({ process }: HistoryOp): number | undefined =>
  typeof process === 'number' ? process : undefined;

function whole(op: HistoryOp, position: number, processes: UnnamedProcesses): Op {
  // Without f it is not quite an Op; see above.
  const final = op['final?'] ?? op.final;
  return {
    ...op,
    ...(final === undefined ? {} : { final }),
    index: typeof op.index === 'number' ? op.index : position,
    time: typeof op.time === 'number' ? op.time : 0,
    value: op.value ?? null,
    process: isOfClient(op) ? processes.processOf(numberOf(op)) : 'nemesis',
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
