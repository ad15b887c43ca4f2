/**
 * Judges by a sequential model: what the object does when one operation happens at a time. A history is right where its
 * operations can be put into an order that the model allows, each at some instant between its request and its reply.
 *
 *     checker: linearizable({
 *       init: 0,
 *       step: (count, f, value) => (f === 'add' ? count + Number(value) : value === count ? count : undefined),
 *     })
 */
import type { Evidence } from '../checkers/evidence.ts';
import { explainLinearizable, impossibleOperation } from '../checkers/linearizable/explain-cas-register.ts';
import { LinearizableChecker, type LinearizableResult } from '../checkers/linearizable/linearizable.ts';
import type { SequentialModel } from '../checkers/linearizable/models.ts';
import { counted } from '../protocol/count-text.ts';
import type { Json } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { seen } from './examples.ts';
import type { Judge } from './judge.ts';

/** `State` is a JSON value; it is never changed, a step returns another one. */
export interface Model<State extends Json = Json> {
  readonly init: State;
  /**
   * The state after the operation, or undefined where it is impossible. `value` is what came back; of an operation whose end
   * nobody saw it is what was asked for.
   */
  step(state: State, f: string, value: Json): State | undefined;
  /** Operations that change no state, by name: a search that knows them is much faster. */
  readonly readOnly?: readonly string[];
  /** The states that an operation may have led to whose end nobody saw, beside none; `step` is asked when left out. */
  afterCrash?(state: State, f: string, value: Json): readonly State[];
}

export interface LinearizableJudging {
  /** Values are `[key, value]`, and there is an object for each key. Much faster than one object that holds all keys. */
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
  const { init, step, readOnly = [], afterCrash }: Partial<Model<State>> = Object(model);
  if (init === undefined || typeof step !== 'function') {
    throw new UserError(
      `The model given to linearizable has init ${seen(init)} and step ${seen(step)}; expected a value and a function.`,
      'For example: linearizable({ init: 0, step: (state, f, value) => (f === "add" ? state + Number(value) : state) })',
    );
  }
  return {
    name: 'model',
    init,
    // States are those that the model itself has made.
    step: (state, f, value) => step(state as State, f, value),
    isReadOnly: (f) => readOnly.includes(f),
    ...(afterCrash === undefined
      ? {}
      : { afterCrash: (state, f, value) => afterCrash(state as State, f, value) }),
  };
}

function figure({ results, failures }: LinearizableResult): string | undefined {
  if (results === undefined) return undefined;
  const keys = counted(Object.keys(results).length, 'key');
  return failures.length > 0 ? `${failures.length} of ${keys} not linearizable` : `${keys} linearizable`;
}

function evidence(result: LinearizableResult): Evidence {
  const keys = result.results ?? { 'the object': result };
  return {
    kind: 'keys',
    keys: Object.entries(keys).map(([key, one]) => ({
      key,
      result: one,
      impossible: impossibleOperation(one),
    })),
  };
}
