/**
 * Sequential models: what an object does when one operation happens at a time. Define your own as `{ name, init, step
 * }`.
 *
 *     const counter: SequentialModel = {
 *       name: 'counter', init: 0,
 *       step: (state, f, value) =>
 *         f === 'add' ? Number(state) + Number(value) : state === value ? state : undefined,
 *     };
 */
import { canonicalJson, elementsOf, jsonEquals, type Json } from '../../protocol/json.ts';

export interface SequentialModel {
  readonly name: string;
  readonly init: Json;
  /** Returns the state after the operation (with its completion's value), or undefined if it is impossible. */
  step(state: Json, f: string, value: Json): Json | undefined;
  /** Whether an operation never changes any state: `isReadOnly('read')`. Makes the search much smaller. */
  isReadOnly?(f: string): boolean;
  /**
   * Returns the states that an operation with an unknown completion may have led to, if they depend on more than the
   * invocation's value: a dequeue may have taken any head. That it had no effect is always possible too. By default
   * `step` is called.
   */
  afterCrash?(state: Json, f: string, value: Json): readonly Json[];
  /**
   * Operations whose completion only acknowledges them. If its value is null, as recorded for a reply without a body,
   * what was asked for happened.
   */
  readonly acknowledged?: readonly string[];
  /** The operations that exist; others are refused. By default `step` is called for any. */
  readonly operations?: readonly string[];
  /**
   * If the state is a string, at first the empty one: what each operation does with it, as `{ get: 'shows', put:
   * 'replaces', append: 'appends' }`. Makes the search much smaller, above all if the history is invalid. Otherwise it is
   * guessed when the search takes long, and an invalid verdict says so.
   */
  readonly text?: Readonly<Record<string, TextRole>>;
}

/** What an operation does with a state that is a string: replace it by its value, append that, or show all of it. */
export type TextRole = 'replaces' | 'appends' | 'shows';

const itemsOf = (state: Json): readonly Json[] => elementsOf(state) ?? [];

/** One lock: acquire and release, by any process. */
export const mutex: SequentialModel = {
  name: 'mutex',
  operations: ['acquire', 'release'],
  init: false,
  step(locked, f) {
    if (f === 'acquire') return locked === true ? undefined : true;
    if (f === 'release') return locked === true ? false : undefined;
    return undefined;
  },
};

/** A register with read and write; a read of null says nothing. */
export const register: SequentialModel = {
  name: 'register',
  operations: ['read', 'write'],
  acknowledged: ['write'],
  init: null,
  isReadOnly: (f) => f === 'read',
  step(state, f, value) {
    if (f === 'write') return value;
    return f === 'read' && (value === null || jsonEquals(state, value)) ? state : undefined;
  },
};

/** A register with compare-and-set: cas [from to] requires the value `from`. */
export const casRegister: SequentialModel = {
  name: 'cas-register',
  operations: ['read', 'write', 'cas'],
  acknowledged: ['write', 'cas'],
  init: null,
  isReadOnly: (f) => f === 'read',
  step(state, f, value) {
    if (f !== 'cas') return register.step(state, f, value);
    const [from = null, to = null] = itemsOf(value);
    return jsonEquals(state, from) ? to : undefined;
  },
};

/** First in, first out: enqueue v, dequeue -> v. A crashed dequeue may have taken any head. */
export const fifoQueue: SequentialModel = {
  name: 'fifo-queue',
  operations: ['enqueue', 'dequeue'],
  acknowledged: ['enqueue'],
  init: [],
  step(state, f, value) {
    const items = itemsOf(state);
    if (f === 'enqueue') return [...items, value];
    const first = items[0];
    return f === 'dequeue' && first !== undefined && jsonEquals(first, value) ? items.slice(1) : undefined;
  },
  afterCrash(state, f, value) {
    const items = itemsOf(state);
    if (f === 'enqueue') return [[...items, value]];
    return items.length === 0 ? [] : [items.slice(1)];
  },
};

/** A queue that may dequeue in any order: the state is a sorted multiset. */
export const unorderedQueue: SequentialModel = {
  name: 'unordered-queue',
  operations: ['enqueue', 'dequeue'],
  acknowledged: ['enqueue'],
  init: [],
  step(state, f, value) {
    const items = itemsOf(state);
    if (f === 'enqueue') {
      const text = canonicalJson(value);
      const place = items.findIndex((item) => canonicalJson(item) > text);
      return place < 0 ? [...items, value] : [...items.slice(0, place), value, ...items.slice(place)];
    }
    const at = items.findIndex((item) => jsonEquals(item, value));
    return f === 'dequeue' && at >= 0 ? [...items.slice(0, at), ...items.slice(at + 1)] : undefined;
  },
  afterCrash(state, f, value) {
    const items = itemsOf(state);
    if (f === 'enqueue') return [unorderedQueue.step(state, f, value) ?? state];
    return items.map((_, at) => [...items.slice(0, at), ...items.slice(at + 1)]);
  },
};

/** A set: add v, read -> elements in any order. A client may return null for an empty set. */
export const set: SequentialModel = {
  name: 'linearizable-set',
  operations: ['add', 'read'],
  acknowledged: ['add'],
  init: [],
  isReadOnly: (f) => f === 'read',
  step(state, f, value) {
    const items = itemsOf(state);
    if (f === 'add') return sortedSet([...items, value]);
    if (f !== 'read') return undefined;
    const shown = value === null ? [] : elementsOf(value);
    return shown !== undefined && jsonEquals(sortedSet(shown), items) ? state : undefined;
  },
};

/** The value of a key: get -> v, put v, append v to what is there. All are strings, at first the empty one. */
export const keyValue: SequentialModel = {
  name: 'kv',
  operations: ['get', 'put', 'append'],
  acknowledged: ['put', 'append'],
  init: '',
  isReadOnly: (f) => f === 'get',
  text: { get: 'shows', put: 'replaces', append: 'appends' },
  step(state, f, value) {
    if (f === 'get') return value === state ? state : undefined;
    if (f === 'put') return value;
    return typeof state === 'string' && typeof value === 'string' ? state + value : undefined;
  },
};

/** The built-in models, as opposed to those of users. */
export const OUR_MODELS: ReadonlySet<SequentialModel> = new Set([
  mutex,
  register,
  casRegister,
  fifoQueue,
  unorderedQueue,
  set,
  keyValue,
]);

/** Returns the items without duplicates, in the same order for equal sets. */
export function sortedSet(items: readonly Json[]): readonly Json[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText.keys()].sort().map((text) => byText.get(text) ?? null);
}
