/**
 * The states of a model that was given: JSON, and frozen. States are told apart by what they hold as JSON: a Map or a Set shows nothing
 * of what is in it there, so that all of them would pass for one state, and a promise for any. A step that changes its state would
 * change it on all paths of the search that come through it.
 */
import { JsonNumber, RichValue, isJsonArray, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { SequentialModel } from './models.ts';

/** The model, whose functions throw a UserError for states that are none. Throws one at once where it cannot be a model. */
export function guardedModel(given: SequentialModel): SequentialModel {
  const model: Partial<SequentialModel> = Object(given);
  if (typeof model.step !== 'function' || model.init === undefined)
    throw new UserError(
      `${named(given)} has init ${kindOf(model.init)} and step ${kindOf(model.step)}; expected a JSON value and a function.`,
      'For example: { name: "counter", init: 0, step: (state, f, value) => (f === "add" ? state + value : state === value ? state : undefined) }',
    );
  const init = frozenState(given, 'init', given.init);
  const guarded: SequentialModel = {
    name: given.name,
    init,
    step(state, f, value) {
      const after = given.step(state, f, value);
      return after === undefined || after === state ? after : frozenState(given, 'step', after);
    },
    isReadOnly: (f) => given.isReadOnly?.(f) ?? false,
    ...(given.acknowledged !== undefined && { acknowledged: given.acknowledged }),
    ...(given.operations !== undefined && { operations: given.operations }),
  };
  if (given.afterCrash === undefined) return guarded;
  return {
    ...guarded,
    afterCrash(state, f, value) {
      const states: unknown = given.afterCrash?.(state, f, value);
      if (!Array.isArray(states))
        throw new UserError(
          `${named(given)} has an afterCrash that returned ${kindOf(states)}; expected a list of states.`,
        );
      return states.map((after) => frozenState(given, 'afterCrash', after));
    },
  };
}

/** The same value, frozen to its depth. What is frozen already was looked at before, unless the user froze it. */
function frozenState(model: SequentialModel, part: string, state: unknown): Json {
  const refused = freeze(state, 0);
  if (refused === undefined) return state as Json; // as was just seen
  throw new UserError(
    `${named(model)} has a state that is no JSON: ${part} ${part === 'init' ? 'is' : 'returned'} ${refused}; states are told apart by their JSON.`,
    'Make states of null, booleans, numbers, strings, arrays and plain objects: a Map can be an object, a Set a sorted array.',
  );
}

/** A copy that a step can neither change, nor, by keeping it in a state, freeze for others. */
export function frozenCopy(value: Json): Json {
  if (typeof value !== 'object' || value === null || isValue(value)) return value;
  if (isJsonArray(value)) return Object.freeze(value.map(frozenCopy));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, frozenCopy(item)])),
  );
}

/** What is no JSON in a value, in words; undefined of JSON, which then is frozen. */
function freeze(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : String(value);
    case 'object':
      break;
    default:
      return kindOf(value);
  }
  if (value === null || isValue(value) || known.has(value)) return undefined;
  if (depth > DEEPEST) return 'an object in itself, or one that is very deep';
  const refused = Array.isArray(value) ? refusedItem(value, depth) : refusedField(value, depth);
  if (refused === undefined) known.add(Object.freeze(value));
  return refused;
}

/** One of our own classes, which never change. */
const isValue = (value: object): value is RichValue | JsonNumber =>
  value instanceof RichValue || value instanceof JsonNumber;

const DEEPEST = 5000;
/** Those that were looked at: a new state costs what is new of it. */
const known = new WeakSet<object>();

function refusedItem(items: readonly unknown[], depth: number): string | undefined {
  // Holes are undefined as well, and an array's own iteration shows them.
  for (const item of items) {
    const refused = freeze(item, depth + 1);
    if (refused !== undefined) return `an array that holds ${refused}`;
  }
  return undefined;
}

function refusedField(object: object, depth: number): string | undefined {
  if (!isPlain(object)) return kindOf(object);
  for (const [key, field] of Object.entries(object)) {
    // A field that is undefined is one that is missing.
    const refused = field === undefined ? undefined : freeze(field, depth + 1);
    if (refused !== undefined) return `an object whose ${shownText(key, 40)} is ${refused}`;
  }
  return undefined;
}

/** Of whatever realm: its prototype is the one that has none. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const { constructor: made } = value;
    const name = typeof made === 'function' && made.name !== '' ? shownText(made.name, 40) : 'class';
    return Array.isArray(value) ? 'an array' : `an object of ${name}`;
  }
  return typeof value === 'function' ? 'a function' : typeof value === 'symbol' ? 'a symbol' : String(value);
}

/** (Those of workloads of one's own have no name.) */
const named = ({ name = 'model' }: Partial<SequentialModel>): string =>
  name === 'model' ? 'The model' : `The model ${shownText(name, 60)}`;

/** That a step of what `isReadOnly` names made another state of one. */
export function refuseChange(model: SequentialModel, f: string, before: Json, after: Json): never {
  throw new UserError(
    `${named(model)} says by isReadOnly that ${shownText(f, 60)} never changes a state, but its step made ${valueText(after)} of ${valueText(before)}.`,
    'Name in isReadOnly only what changes no state.',
  );
}
