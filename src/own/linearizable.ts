/**
 * Judges by a sequential model: what the object does when one operation happens at a time. A history is right where its
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
    step(state, f, value) {
      const after = step(state as State, f, value);
      // Every promise would pass for a state, and every history for right.
      refusePromise('`step` of linearizable', after, step);
      return after;
    },
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

/** Anomalies of one kind, one for each key that is wrong: what a register holds, and a key is, says nothing of other objects. */
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
