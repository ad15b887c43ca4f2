/**
 * The states of a user's model: JSON, and frozen. States are distinguished by their JSON, in which all Maps, Sets and
 * promises look alike because it shows nothing of their contents. A step that mutates its state would change it on all
 * search paths through it.
 */
import { JsonNumber, RichValue, isJsonArray, valueText, type Json } from '../../../protocol/json.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { SequentialModel, TextRole } from '../models.ts';

/** A user's model whose states are checked and frozen. */
export interface GuardedModel extends SequentialModel {
  /** The model as given, for states that are not kept. */
  readonly given: SequentialModel;
}

/**
 * Returns the model with functions that throw a UserError for invalid states. Throws one at once if it cannot be a
 * model.
 */
export function guardedModel(given: SequentialModel): GuardedModel {
  const model: Partial<SequentialModel> = Object(given);
  if (typeof model.step !== 'function' || model.init === undefined)
    throw new UserError(
      `${named(given)} has init ${kindOf(model.init)} and step ${kindOf(model.step)}; expected a JSON value and a function.`,
      'For example: { name: "counter", init: 0, step: (state, f, value) => (f === "add" ? state + value : state === value ? state : undefined) }',
    );
  refuseOddText(given);
  const init = frozenState(given, 'init', given.init);
  const guarded: GuardedModel = {
    given,
    name: given.name,
    init,
    step(state, f, value) {
      const after = given.step(state, f, value);
      return after === undefined || after === state ? after : frozenState(given, 'step', after);
    },
    isReadOnly: (f) => given.isReadOnly?.(f) ?? roleIn(given, f) === 'shows',
    ...(given.acknowledged !== undefined && { acknowledged: given.acknowledged }),
    ...(given.operations !== undefined && { operations: given.operations }),
    ...(given.text !== undefined && { text: given.text }),
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

/** Returns the value, deeply frozen. Skips objects that were frozen here before. */
function frozenState(model: SequentialModel, part: string, state: unknown): Json {
  const refused = freeze(state, 0);
  if (refused === undefined) return state as Json; // as just checked
  throw new UserError(
    `${named(model)} has a state that is no JSON: ${part} ${part === 'init' ? 'is' : 'returned'} ${refused}; states are told apart by their JSON.`,
    'Make states of null, booleans, numbers, strings, arrays and plain objects: a Map can be an object, a Set a sorted array.',
  );
}

/** Returns a copy that a step cannot change, nor freeze for others by keeping it in a state. */
export function frozenCopy(value: Json): Json {
  if (typeof value !== 'object' || value === null || isValue(value)) return value;
  if (isJsonArray(value)) return Object.freeze(value.map(frozenCopy));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, frozenCopy(item)])),
  );
}

/** Describes what in a value is not JSON; returns undefined for JSON, which it freezes. */
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

/** Whether it is an instance of the project's own immutable value classes. */
const isValue = (value: object): value is RichValue | JsonNumber =>
  value instanceof RichValue || value instanceof JsonNumber;

const DEEPEST = 5000;
/** Objects already checked, so that a new state costs only its new parts. */
const known = new WeakSet<object>();

function refusedItem(items: readonly unknown[], depth: number): string | undefined {
  // Holes count as undefined, and array iteration visits them.
  for (const item of items) {
    const refused = freeze(item, depth + 1);
    if (refused !== undefined) return `an array that holds ${refused}`;
  }
  return undefined;
}

function refusedField(object: object, depth: number): string | undefined {
  if (!isPlain(object)) return kindOf(object);
  for (const [key, field] of Object.entries(object)) {
    // An undefined field counts as missing.
    const refused = field === undefined ? undefined : freeze(field, depth + 1);
    if (refused !== undefined) return `an object whose ${shownText(key, 40)} is ${refused}`;
  }
  return undefined;
}

/** Whether an object of any realm is plain: its prototype has no prototype. */
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

/** Names the model. Models of custom workloads have no name of their own. */
const named = ({ name = 'model' }: Partial<SequentialModel>): string =>
  name === 'model' ? 'The model' : `The model ${shownText(name, 60)}`;

/** Throws a UserError because a step of an operation named by `isReadOnly` changed the state. */
export function refuseChange(model: SequentialModel, f: string, before: Json, after: Json): never {
  throw new UserError(
    `${named(model)} says by isReadOnly that ${shownText(f, 60)} never changes a state, but its step made ${valueText(after)} of ${valueText(before)}.`,
    'Name in isReadOnly only what changes no state.',
  );
}

function refuseOddText(given: SequentialModel): void {
  const { text }: { readonly text?: unknown } = given;
  if (text === undefined) return;
  const roles = typeof text === 'object' && text !== null ? Object.entries(text) : undefined;
  const odd = roles?.find(([, role]) => typeof role !== 'string' || !Object.hasOwn(ROLE_TEXTS, role));
  if (roles !== undefined && odd === undefined) return;
  const seen =
    odd === undefined ? kindOf(text) : `${shownText(odd[0], 60)}: ${shownText(String(odd[1]), 60)}`;
  throw new UserError(
    `${named(given)} has the text ${seen}; expected what each operation does with a string: ${Object.keys(ROLE_TEXTS).join(', ')}.`,
    "For example: text: { get: 'shows', put: 'replaces', append: 'appends' }",
  );
}

/** Returns what an operation does with a string, if the model says so. */
export const roleIn = ({ text = {} }: SequentialModel, f: string): TextRole | undefined =>
  Object.hasOwn(text, f) ? text[f] : undefined;

interface RefusedRole {
  readonly f: string;
  readonly role: TextRole;
  readonly value: Json;
  readonly state: Json;
  readonly after: Json | undefined;
}

/** Throws a UserError because a step does not do what `text` says of its operation. */
export function refuseRole(model: SequentialModel, { f, role, value, state, after }: RefusedRole): never {
  const made = after === undefined ? 'was impossible' : `made ${valueText(after)}`;
  throw new UserError(
    `${named(model)} says by text that ${shownText(f, 60)} ${ROLE_TEXTS[role]}, but its step with the value ${valueText(value)} ${made} in the state ${valueText(state)}.`,
    'Name in text only operations that do exactly this in every state.',
  );
}

const ROLE_TEXTS = {
  replaces: 'replaces the state by its value',
  appends: 'appends its value to the state',
  shows: 'is possible only in the state that is its value, and leaves it',
} as const satisfies Record<TextRole, string>;
