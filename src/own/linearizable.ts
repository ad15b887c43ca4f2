/**
 * Judges by a sequential model: what the object does if operations happen one at a time. A history is valid if its
 * operations can be put into an order that the model allows, each at some instant between its request and its reply.
 *
 *     checker: linearizable({
 *       init: 0,
 *       step: (count, f, value) => (f === 'add' ? count + Number(value) : value === count ? count : undefined),
 *     })
 */
import { withoutNote } from '../checkers/bounded-result.ts';
import type { NodeOf } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import { explainLinearizable } from '../checkers/linearizable/explain-cas-register.ts';
import { LinearizableChecker, type LinearizableResult } from '../checkers/linearizable/linearizable.ts';
import type { SequentialModel } from '../checkers/linearizable/models.ts';
import { counted } from '../protocol/count-text.ts';
import type { Json } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { seen } from './examples.ts';
import { refusePromise } from './returned.ts';
import type { Judge } from './judge.ts';

/** `State` is a JSON value; it is never changed, a step returns a new one. A model for `check` is one of these. */
export interface Model<State extends Json = Json> extends Pick<
  SequentialModel,
  'isReadOnly' | 'acknowledged' | 'operations' | 'text'
> {
  readonly init: State;
  /**
   * Returns the state after the operation, or undefined if it is impossible. `value` is the value of the completion;
   * for an indefinite operation that of the invocation.
   */
  step(state: State, f: string, value: Json): State | undefined;
  /** Names of the operations that never change the state, in place of `isReadOnly`; they make the search much faster. */
  readonly readOnly?: readonly string[];
  /** Returns the possible states after an indefinite operation, besides the unchanged one; by default `step` is used. */
  afterCrash?(state: State, f: string, value: Json): readonly State[];
}

export interface LinearizableJudging {
  /** True if values are `[key, value]` and each key is a separate object. Much faster than one object with all keys. */
  readonly keys?: boolean;
}

export function linearizable<State extends Json>(
  model: Model<State>,
  { keys = false }: LinearizableJudging = {},
): Judge<LinearizableResult> {
  const sequential = sequentialModel(model);
  return {
    checker: () => new LinearizableChecker(sequential, { 'independent?': keys }),
    explain: (result, nodeOf) => explainLinearizable(result, { noun: 'the state', nodeOf }),
    figure,
    evidence,
  };
}

function sequentialModel<State extends Json>(model: Model<State>): SequentialModel {
  const {
    init,
    step,
    readOnly,
    text,
    afterCrash,
    isReadOnly = readOnly && ((f: string) => readOnly.includes(f)),
    operations,
    acknowledged,
  }: Partial<Model<State>> = Object(model);
  if (init === undefined || typeof step !== 'function') {
    throw new UserError(
      `The model given to linearizable has init ${seen(init)} and step ${seen(step)}; expected a value and a function.`,
      'For example: linearizable({ init: 0, step: (state, f, value) => (f === "add" ? state + Number(value) : state) })',
    );
  }
  return {
    name: 'model',
    init,
    // States come only from the model itself.
    step(state, f, value) {
      const after = step(state as State, f, value);
      // Otherwise a promise would pass for a state, and every history for valid.
      refusePromise('`step` of linearizable', after, step);
      return after;
    },
    ...(isReadOnly !== undefined && { isReadOnly }),
    ...(operations !== undefined && { operations }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(text !== undefined && { text }),
    ...(afterCrash && { afterCrash: (state, f, value) => afterCrash(state as State, f, value) }),
  };
}

function figure({ results, failures }: LinearizableResult): string | undefined {
  if (results === undefined) return undefined;
  const keys = counted(Object.keys(results).length, 'key');
  return failures.length > 0 ? `${failures.length} of ${keys} not linearizable` : `${keys} linearizable`;
}

/**
 * Returns anomalies of one kind, one for each invalid key. Evidence of the kind `keys` is meant for registers, and
 * would not fit other objects.
 */
function evidence(result: LinearizableResult, nodeOf?: NodeOf): Evidence | undefined {
  const objects = result.results === undefined ? [result] : Object.values(result.results);
  const examples = objects.flatMap((one) => {
    const text = explainLinearizable(one, { noun: 'the state', nodeOf });
    if (text === undefined || one['valid?'] !== false) return [];
    const { op, configs, 'previous-ok': before } = one;
    const pending = withoutNote(configs).flatMap((config) => withoutNote(config.pending));
    const operations = [...(before === undefined ? [] : [before]), ...pending, op].map(({ index }) => index);
    return [{ text, operations: [...new Set(operations)], wrong: op.index }];
  });
  const [first] = examples;
  if (first === undefined) return undefined;
  return {
    kind: 'anomalies',
    anomalies: [
      {
        type: 'not linearizable',
        count: examples.length,
        examples: examples.slice(0, MOST_EXAMPLES).map(({ text, operations }) => ({ text, operations })),
        simplest: { ...first, cycle: undefined },
      },
    ],
  };
}

const MOST_EXAMPLES = 3;
