/**
 * Sequential models: what an object does when one operation happens at a time. Give your own as `{ name, init, step }`.
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
  /** The state after the operation (its value is the completion's), or undefined where it is impossible. */
  step(state: Json, f: string, value: Json): Json | undefined;
  /** Operations that never change any state: `isReadOnly('read')`. Knowing them makes the search much smaller. */
  isReadOnly?(f: string): boolean;
  /**
   * The states that an operation may have led to whose completion is unknown, where that depends on more than its
   * invocation's value: a dequeue may have taken any head. It may always have led to none. Without it `step` is asked.
   */
  afterCrash?(state: Json, f: string, value: Json): readonly Json[];
  /**
   * Operations whose completion only acknowledges them: where its value is null, as a reply without a body may be written down,
   * what was asked for happened.
   */
  readonly acknowledged?: readonly string[];
  /** The operations there are; others are refused. Without it `step` is asked about any. */
  readonly operations?: readonly string[];
}

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

/** A register that also has compare-and-set: cas [from to] needs the value from. */
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

/** First in, first out: enqueue v, dequeue -> v. A dequeue that crashed may have taken any head. */
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

/** A queue that may hand out in any order: the state is a sorted multiset. */
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

/** A set: add v, read -> elements in any order. A client may well give null for the set that is empty. */
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

/** Those that come with us, as against those that users give. */
export const OUR_MODELS: ReadonlySet<SequentialModel> = new Set([
  mutex,
  register,
  casRegister,
  fifoQueue,
  unorderedQueue,
  set,
]);

/** Each item once, in an order that is the same for equal sets. */
export function sortedSet(items: readonly Json[]): readonly Json[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText.keys()].sort().map((text) => byText.get(text) ?? null);
}
