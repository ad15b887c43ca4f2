/**
 * Proofs about objects: for each object an order of its operations, or for one object a core of operations without any
 * order.
 *
 * An order is found by the search of `depth-first.ts`, whatever checked the history; for a register whose values were
 * written once each by its linear check, for others by a guess which write each read saw, for queues by their pairs, and
 * for a set by its levels. A core starts as all operations of the object up to the completion that makes the history
 * invalid, and drops what is not needed: first whole values, then reads.
 */
import { check } from '../checkers/check.ts';
import { isOp, isResultMap, type Budget, type CheckResult } from '../checkers/checker.ts';
import { KeyValueObject } from '../checkers/linearizable/objects/key-value-object.ts';
import { ModelObject } from '../checkers/linearizable/objects/model-object.ts';
import {
  casRegister,
  fifoQueue,
  keyValue,
  mutex,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
} from '../checkers/linearizable/models.ts';
import type { ObjectEvents, SearchOutcome } from '../checkers/linearizable/object-events.ts';
import { ObjectHistory, type SequentialObject } from '../checkers/linearizable/object-history.ts';
import { FifoQueueObject, UnorderedQueueObject } from '../checkers/linearizable/objects/queue-objects.ts';
import { RegisterObject } from '../checkers/linearizable/registers/register-object.ts';
import { SetObject } from '../checkers/linearizable/objects/set-object.ts';
import { orderByGuess } from '../checkers/linearizable/registers/write-guess.ts';
import { judgeUniqueWrites } from '../checkers/linearizable/registers/unique-writes.ts';
import type { ModelName } from '../checkers/models/model-table.ts';
import { addTo } from '../columns/groups.ts';
import type { Op } from '../history/op.ts';
import { canonicalJson, elementsOf, type Json } from '../protocol/json.ts';
import type { CoreProof, LinearizationProof, TextProof } from '../verify/certificate.ts';
import { possibleLast } from '../verify/impossible-texts.ts';
import { rulesOf } from '../verify/objects.ts';
import { operationsOf, type Operation } from '../verify/operations.ts';

const MODELS = {
  register,
  'cas-register': casRegister,
  kv: keyValue,
  mutex,
  'fifo-queue': fifoQueue,
  'unordered-queue': unorderedQueue,
  'linearizable-set': set,
} as const satisfies Partial<Record<ModelName, SequentialModel>>;

export type ObjectModel = keyof typeof MODELS;

export const isObjectModel = (model: string): model is ObjectModel => Object.hasOwn(MODELS, model);

/** Maximum number of smaller cores tried, and of operations in all of them together. */
const MOST_TRIALS = 400;
const MOST_TRIED = 2_000_000;

/** Options of the models; others do not matter to a proof. */
interface ObjectOptions {
  readonly 'independent?'?: unknown;
  readonly 'initial-value'?: unknown;
}

/** Returns undefined if no order was found within the budget. */
export function linearizationOf(
  model: ObjectModel,
  options: ObjectOptions,
  ops: readonly Op[],
  budget?: Budget,
): LinearizationProof | undefined {
  const objects: { order: readonly number[] }[] = [];
  for (const own of objectsIn(ops, options)) {
    const order = orderOfRegister(model, options, own) ?? orderOf(modelFrom(model, options), own, budget);
    if (order === undefined) return undefined;
    if (order.length > 0) objects.push({ order });
  }
  return { kind: 'linearization', objects };
}

/** Returns the model with the initial value of the options. */
function modelFrom(name: ObjectModel, { 'initial-value': initial }: ObjectOptions): SequentialModel {
  const model: SequentialModel = MODELS[name];
  if (initial === undefined) return model;
  const step: SequentialModel['step'] = (state, f, value) =>
    f === 'read' && value === null ? (state === null ? state : undefined) : model.step(state, f, value);
  return { ...model, init: initial as Json, step };
}

function orderOf(model: SequentialModel, ops: readonly Op[], budget?: Budget): readonly number[] | undefined {
  return historyOf(objectFor(model), ops).linearization(budget);
}

function objectFor(model: SequentialModel): SequentialObject {
  switch (model) {
    case set:
      return new SetObject();
    case keyValue:
      return new KeyValueObject();
    case fifoQueue:
      return new FifoQueueObject();
    case unorderedQueue:
      return new UnorderedQueueObject();
    default:
      return new ModelObject(model);
  }
}

/** Returns an order of a register if its values were written once each, or if it can be guessed which write each read saw. */
function orderOfRegister(
  model: ObjectModel,
  { 'initial-value': initial }: ObjectOptions,
  ops: readonly Op[],
): readonly number[] | undefined {
  if (model !== 'register' && model !== 'cas-register') return undefined;
  const object = new OrderedRegister(initial as Json | undefined);
  const order = historyOf(object, ops).linearization();
  if (order === undefined || initial !== undefined) return order;
  // Reads of nil, which say nothing, take effect as they begin; the others as late as possible.
  const nils = ops.filter(({ type, f, value }) => type === 'ok' && f === 'read' && value === null);
  const begins = new Map<number, number>();
  const open = new Map<unknown, number>();
  for (const { type, process, index } of ops)
    if (type === 'invoke') open.set(process, index);
    else begins.set(index, open.get(process) ?? index);
  const silent = nils.map(({ index }) => begins.get(index) ?? index).sort((a, b) => a - b);
  const whole: number[] = [];
  let next = 0;
  let latest = -1;
  for (const operation of order) {
    latest = Math.max(latest, operation);
    for (; next < silent.length && (silent[next] ?? 0) < latest; next++) whole.push(silent[next] ?? 0);
    whole.push(operation);
  }
  return [...whole, ...silent.slice(next)];
}

/** A register whose order is not searched for. */
class OrderedRegister extends RegisterObject {
  override search(history: ObjectEvents): SearchOutcome {
    const unique = judgeUniqueWrites(history, this);
    if (unique !== undefined) return unique;
    const order = orderByGuess(history, this);
    return order === undefined
      ? { valid: 'unknown', reason: 'no guess fits', event: 0 }
      : { valid: true, linearization: () => order };
  }
}

function historyOf(object: SequentialObject, ops: readonly Op[]): ObjectHistory {
  const history = new ObjectHistory(object);
  const open = new Map<unknown, number>();
  for (const op of ops) {
    if (op.type === 'invoke') open.set(op.process, history.invoke(op, op.value));
    const operation = open.get(op.process);
    if (operation === undefined) continue;
    if (op.type === 'fail') history.failed(operation);
    if (op.type === 'ok') history.succeeded(operation, op, op.value);
  }
  return history;
}

/** Returns the first get of a store of strings that shows what cannot have been there, whichever put came last. */
export function impossibleTextIn(ops: readonly Op[], independent: boolean): TextProof | undefined {
  const objects = { model: 'kv', independent, initial: undefined };
  const operations = operationsOf(ops, false);
  const byKey = new Map<string, { readonly reads: Operation[]; readonly writes: Operation[] }>();
  for (const operation of operations.values()) {
    const key = independent ? canonicalJson(elementsOf(operation.value)?.[0] ?? null) : '';
    const own = byKey.get(key) ?? { reads: [], writes: [] };
    byKey.set(key, own);
    if (operation.outcome === 'fail') continue;
    if (operation.f !== 'get') own.writes.push(operation);
    else if (operation.outcome === 'ok') own.reads.push(operation);
  }
  for (const { reads, writes } of byKey.values()) {
    const found = reads.find((read) => possibleLast(read, writes, objects) === undefined);
    if (found !== undefined) return { kind: 'text', operation: found.begin };
  }
  return undefined;
}

/** Returns undefined if no object was found invalid within the budget. */
export function coreOf(
  model: ObjectModel,
  options: ObjectOptions,
  ops: readonly Op[],
  budget?: Budget,
): CoreProof | undefined {
  const objects = objectsIn(ops, options).toSorted((one, other) => one.length - other.length);
  const initial = options['initial-value'];
  const given = { budget, ...(initial !== undefined && { 'initial-value': initial as Json }) };
  // The model kv expects keys, which the operations of one object have no more.
  const judge = (some: readonly Op[]): number | undefined =>
    firstBad(model === 'kv' ? check(keyValue, some, given) : check(model, some, given));
  for (const own of objects) {
    const bad = judge(own);
    if (bad === undefined) continue;
    const small = smallest({ model, judge }, own, bad);
    const operations = small.ops.filter(({ type }) => type === 'invoke').map(({ index }) => index);
    return { kind: 'core', until: small.until, operations };
  }
  return undefined;
}

/** Returns the line of the completion that cannot have happened. */
function firstBad(result: CheckResult): number | undefined {
  const { op } = result;
  return result['valid?'] === false && isResultMap(op) && isOp(op) ? op.index : undefined;
}

interface Core {
  readonly ops: readonly Op[];
  readonly until: number;
}

interface Judging {
  readonly model: ObjectModel;
  /** Returns the line of the completion that cannot have happened. */
  readonly judge: (ops: readonly Op[]) => number | undefined;
}

function smallest({ model, judge }: Judging, ops: readonly Op[], until: number): Core {
  let core: Core = { ops: begunBefore(ops, until), until };
  let trials = MOST_TRIALS;
  let tried = MOST_TRIED;
  for (const groupsOf of [groupsOfValues, groupsOfReads]) {
    for (let share = 2; ; share *= 2) {
      const groups = groupsOf(model, operationsIn(model, core.ops));
      const size = Math.ceil(groups.length / share);
      for (let at = 0; at < groups.length; at += size) {
        if (trials-- <= 0 || (tried -= core.ops.length) <= 0) return core;
        const left = new Set(groups.slice(at, at + size).flat());
        const rest = withoutOperations(core.ops, left);
        const bad = judge(rest);
        if (bad !== undefined && bad <= core.until) core = { ops: begunBefore(rest, bad), until: bad };
      }
      if (size <= 1) break;
    }
  }
  return core;
}

/** Returns the lines of operations, grouped so that the values of one group do not affect other groups. */
function groupsOfValues(model: ObjectModel, operations: readonly Named[]): readonly (readonly number[])[] {
  const { about } = rulesOf(model);
  const parents = new Map<string, string>();
  const root = (text: string): string => {
    const parent = parents.get(text);
    return parent === undefined || parent === text ? text : root(parent);
  };
  const found: { readonly line: number; readonly value: string }[] = [];
  for (const { line, f, value, succeeded } of operations) {
    const texts = about(f, value, succeeded)?.map(canonicalJson) ?? [''];
    for (const text of texts) parents.set(root(text), root(texts[0] ?? text));
    found.push({ line, value: texts[0] ?? '' });
  }
  const groups = new Map<string, number[]>();
  for (const { line, value } of found) addTo(groups, root(value), line);
  groups.delete(root(''));
  return [...groups.values()];
}

function groupsOfReads(model: ObjectModel, operations: readonly Named[]): readonly (readonly number[])[] {
  const { onlyReads } = rulesOf(model);
  return operations.filter(({ f }) => onlyReads(f)).map(({ line }) => [line]);
}

interface Named {
  readonly line: number;
  readonly f: string;
  /** The completion's value, or the invocation's if there is none. */
  readonly value: Json;
  readonly succeeded: boolean;
}

function operationsIn(model: ObjectModel, ops: readonly Op[]): readonly Named[] {
  const found = new Map<number, Named>();
  const open = new Map<unknown, number>();
  for (const { type, process, f, value, index } of ops) {
    if (type === 'invoke') {
      found.set(index, { line: index, f, value, succeeded: false });
      open.set(process, index);
    } else if (type === 'ok') {
      const line = open.get(process);
      if (line === undefined) continue;
      const isAcknowledged = value === null && MODELS[model].acknowledged?.includes(f) === true;
      const done = isAcknowledged ? (found.get(line)?.value ?? null) : value;
      found.set(line, { line, f, value: done, succeeded: true });
    }
  }
  return [...found.values()];
}

function withoutOperations(ops: readonly Op[], lines: ReadonlySet<number>): readonly Op[] {
  const leftOut = new Set<unknown>();
  return ops.filter(({ type, process, index }) => {
    if (type === 'invoke') {
      if (lines.has(index)) leftOut.add(process);
      else leftOut.delete(process);
    }
    return !leftOut.has(process);
  });
}

/**
 * Returns the operations that began before a line, without failed ones. Their completions count even after that line.
 */
function begunBefore(ops: readonly Op[], until: number): readonly Op[] {
  const left = new Set<number>();
  const open = new Map<unknown, number>();
  for (const { type, process, index } of ops) {
    if (type === 'invoke') {
      open.set(process, index);
      if (index > until) left.add(index);
    } else if (type === 'fail') left.add(open.get(process) ?? -1);
  }
  return withoutOperations(ops, left);
}

/** Returns the clients' operations by object, with lines as indexes and without keys in their values. */
function objectsIn(
  ops: readonly Op[],
  { 'independent?': independent }: ObjectOptions,
): readonly (readonly Op[])[] {
  const objects = new Map<string, Op[]>();
  for (const [index, op] of ops.entries()) {
    if (typeof op.process !== 'number') continue;
    const [key = null, value = null] = independent === true ? (elementsOf(op.value) ?? []) : [null, op.value];
    addTo(objects, canonicalJson(key), { ...op, index, value });
  }
  return [...objects.values()];
}
