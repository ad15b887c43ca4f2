/** The sequential behaviour of the objects, from their definitions. */
import { canonicalJson, compareJson, elementsOf, jsonEquals, type Json } from '../protocol/json.ts';
import { ProofError } from './certificate.ts';

export interface ObjectRules {
  readonly init: Json;
  /** Returns the state after an operation with that result, or undefined if it is impossible. */
  step(state: Json, f: string, value: Json): Json | undefined;
  /** Returns the possible states after an operation with an unknown result, if that is not its value. */
  begun?(state: Json, f: string, value: Json): readonly Json[];
  /** Whether an operation never changes the state. */
  readonly onlyReads: (f: string) => boolean;
  /** Whether a completion without a value acknowledges what was asked for. */
  readonly acknowledged: (f: string) => boolean;
  /** Whether an operation with that result proves nothing. */
  readonly saysNothing: (f: string, value: Json) => boolean;
  /**
   * Returns the values that an operation is about, if operations on other values do not affect it; undefined if all do.
   */
  readonly about: (f: string, value: Json, succeeded: boolean) => readonly Json[] | undefined;
}

const items = (state: Json): readonly Json[] => elementsOf(state) ?? [];
const without = (state: Json, at: number): Json => items(state).toSpliced(at, 1);
const sorted = (values: readonly Json[]): readonly Json[] => values.toSorted(compareJson);
const distinct = (values: readonly Json[]): readonly Json[] =>
  sorted([...new Map(values.map((value) => [canonicalJson(value), value])).values()]);

/** The behaviour of an object for which nothing else is given. */
const PLAIN = {
  onlyReads: (): boolean => false,
  acknowledged: (): boolean => false,
  saysNothing: (): boolean => false,
  about: (): undefined => undefined,
};

/** Without an initial value a register begins as nil, and a read of nil says nothing. */
const register = (initial: Json | undefined): ObjectRules => ({
  init: initial ?? null,
  step(state, f, value) {
    if (f === 'write') return value;
    if (f === 'read')
      return (initial === undefined && value === null) || jsonEquals(state, value) ? state : undefined;
    const [from = null, to = null] = f === 'cas' ? items(value) : [];
    return f === 'cas' && jsonEquals(state, from) ? to : undefined;
  },
  onlyReads: (f) => f === 'read',
  acknowledged: (f) => f !== 'read',
  saysNothing: (f, value) => initial === undefined && f === 'read' && value === null,
  about: (f, value) => (f === 'cas' ? items(value) : [value]),
});

const mutex: ObjectRules = {
  ...PLAIN,
  init: false,
  step: (locked, f) => ((f === 'release') === locked ? f === 'acquire' : undefined),
};

const queue = (inOrder: boolean): ObjectRules => {
  const added = (state: Json, value: Json): Json =>
    inOrder ? [...items(state), value] : sorted([...items(state), value]);
  return {
    ...PLAIN,
    init: [],
    step(state, f, value) {
      if (f === 'enqueue') return added(state, value);
      const at = items(state).findIndex((item) => jsonEquals(item, value));
      return at < 0 || (inOrder && at > 0) ? undefined : without(state, at);
    },
    begun(state, f, value) {
      if (f === 'enqueue') return [added(state, value)];
      return items(state)
        .slice(0, inOrder ? 1 : undefined)
        .map((_, at) => without(state, at));
    },
    acknowledged: (f) => f === 'enqueue',
    about: (f, value, succeeded) => (f === 'enqueue' || succeeded ? [value] : undefined),
  };
};

const set: ObjectRules = {
  ...PLAIN,
  init: [],
  step(state, f, value) {
    if (f === 'add') return distinct([...items(state), value]);
    const shown = value === null ? [] : elementsOf(value);
    return shown !== undefined && jsonEquals(distinct(shown), state) ? state : undefined;
  },
  onlyReads: (f) => f === 'read',
  acknowledged: (f) => f === 'add',
};

const keyValue: ObjectRules = {
  ...PLAIN,
  init: '',
  step(state, f, value) {
    const text = value === null ? '' : value;
    if (f === 'get') return text === state ? state : undefined;
    if (f === 'put') return text;
    return typeof state === 'string' && typeof text === 'string' ? state + text : undefined;
  },
  onlyReads: (f) => f === 'get',
  acknowledged: (f) => f !== 'get',
};

const RULES: ReadonlyMap<string, ObjectRules> = new Map([
  ['kv', keyValue],
  ['mutex', mutex],
  ['fifo-queue', queue(true)],
  ['unordered-queue', queue(false)],
  ['linearizable-set', set],
]);

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['register', 'read write'],
  ['cas-register', 'read write cas'],
  ['kv', 'get put append'],
  ['mutex', 'acquire release'],
  ['fifo-queue', 'enqueue dequeue'],
  ['unordered-queue', 'enqueue dequeue'],
  ['linearizable-set', 'add read'],
]);

/** Returns the names of the operations of a model of objects; none for other models. */
export const operationsOfObject = (model: string): ReadonlySet<string> =>
  new Set(OPERATIONS.get(model)?.split(' '));

/** `initial` is the initial value given for registers. */
export function rulesOf(model: string, initial?: Json): ObjectRules {
  const rules = model === 'register' || model === 'cas-register' ? register(initial) : RULES.get(model);
  if (rules === undefined) throw new ProofError(`What a ${model} does is not known to the verifier`);
  return rules;
}
