/**
 * Proofs about objects. An order is replayed step by step. That no order exists is shown by trying all orders of the
 * core's operations, which are few. A core may leave out:
 *
 * - failed operations, and those that began after the completion at which the core ends;
 * - read-only operations: an order of all operations contains one of the rest;
 * - for registers and queues, operations about values that no operation of the core is about, for the same reason.
 */
import { canonicalJson, elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import { ProofError, type CoreProof, type LinearizationProof } from './certificate.ts';
import { rulesOf, type ObjectRules } from './objects.ts';
import { holdRealtime, operationAt, type Operation, type Operations } from './operations.ts';

/** Maximum number of configurations for a core: some seconds. */
const MOST_CONFIGURATIONS = 2_000_000;
/** Maximum total length of their texts, which identify equal ones: states may be long. */
const MOST_CHARACTERS = 2 ** 27;

export interface Objects {
  readonly model: string;
  /** Whether values are [key, value], with an object per key. */
  readonly independent: boolean;
  /** The initial value given for registers. */
  readonly initial: Json | undefined;
}

export function verifyLinearization(
  proof: LinearizationProof,
  operations: Operations,
  objects: Objects,
): void {
  const rules = rulesOf(objects.model, objects.initial);
  const missing = new Set<number>();
  for (const [name, operation] of operations)
    if (operation.outcome === 'ok' && !rules.saysNothing(operation.f, valueOf(operation, rules, objects)))
      missing.add(name);
  const keys = new Set<string>();
  for (const { order } of proof.objects) {
    const key = keyOfFirst(order, operations, objects);
    if (keys.has(canonicalJson(key)))
      throw new ProofError(`There are two orders for the key ${valueText(key)}`);
    keys.add(canonicalJson(key));
    const seen = new Set<number>();
    let states: readonly Json[] = [rules.init];
    for (const name of order) {
      const operation = ofKey(operations, name, key, objects);
      if (operation.outcome === 'fail' || seen.has(name))
        throw new ProofError(`${name} ${seen.has(name) ? 'stands there twice' : 'failed'}`);
      seen.add(name);
      missing.delete(name);
      const value = valueOf(operation, rules, objects);
      const after = states.flatMap((state) =>
        next(rules, state, operation.f, value, operation.outcome === 'ok'),
      );
      if (after.length === 0)
        throw new ProofError(
          `${name}, ${operation.f} ${valueText(value)}, is impossible after what comes before it`,
        );
      states = [...new Map(after.map((state) => [canonicalJson(state), state])).values()];
    }
    holdRealtime(order.map((name) => ({ name, ...operationAt(operations, name) })));
  }
  const [first] = missing;
  if (first !== undefined) throw new ProofError(`${first} succeeded, but stands in no order`);
}

export function verifyCore(proof: CoreProof, operations: Operations, objects: Objects): void {
  const rules = rulesOf(objects.model, objects.initial);
  const { until } = proof;
  const key = keyOfFirst(proof.operations, operations, objects);
  const core = new Set(proof.operations);
  if (core.size < proof.operations.length) throw new ProofError('An operation stands in the core twice');
  const kept = proof.operations.map((name) => ofKey(operations, name, key, objects));
  const aboutOf = (operation: Operation): readonly Json[] | undefined =>
    rules.about(operation.f, valueOf(operation, rules, objects), operation.outcome === 'ok');
  const mentioned = new Set(kept.flatMap((operation) => aboutOf(operation) ?? []).map(canonicalJson));
  for (const [name, operation] of operations) {
    const { outcome, f, begin } = operation;
    if (outcome === 'fail' || begin > until || core.has(name) || rules.onlyReads(f)) continue;
    if (objects.independent && !jsonEquals(keyOf(operation.value), key)) continue;
    const about = aboutOf(operation);
    if (about === undefined || about.some((one) => mentioned.has(canonicalJson(one))))
      throw new ProofError(`${name} is left out, but could matter`);
  }
  const events = kept
    .filter(({ outcome }) => outcome !== 'fail')
    .flatMap((operation) => [
      { at: operation.begin, operation, ends: false },
      ...(operation.end <= until ? [{ at: operation.end, operation, ends: true }] : []),
    ])
    .toSorted((left, right) => left.at - right.at);
  if (someOrderFits(rules, events, objects)) throw new ProofError('These operations have an order');
}

interface Event {
  readonly at: number;
  readonly operation: Operation;
  readonly ends: boolean;
}

/** A state, and the open operations that have taken effect. */
interface Configuration {
  readonly state: Json;
  readonly done: ReadonlySet<number>;
}

function someOrderFits(rules: ObjectRules, events: readonly Event[], objects: Objects): boolean {
  let made = 0;
  let characters = 0;
  const open = new Map<number, Operation>();
  let current: readonly Configuration[] = [{ state: rules.init, done: new Set() }];
  for (const { operation, ends } of events) {
    if (!ends) {
      open.set(operation.begin, operation);
      continue;
    }
    const known = new Set<string>();
    const fitting: Configuration[] = [];
    const queue: Configuration[] = [];
    const add = (one: Configuration): void => {
      const text = `${canonicalJson(one.state)} ${[...one.done].toSorted((a, b) => a - b).join()}`;
      characters += text.length;
      if (++made > MOST_CONFIGURATIONS || characters > MOST_CHARACTERS)
        throw new ProofError('The core is too large to be gone through');
      if (known.has(text)) return;
      known.add(text);
      queue.push(one);
    };
    for (const one of current) add(one);
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      if (one.done.has(operation.begin)) {
        const done = new Set(one.done);
        done.delete(operation.begin);
        fitting.push({ state: one.state, done });
        continue;
      }
      for (const [name, pending] of open) {
        if (one.done.has(name)) continue;
        const value = valueOf(pending, rules, objects);
        for (const state of next(rules, one.state, pending.f, value, pending.outcome === 'ok'))
          add({ state, done: new Set(one.done).add(name) });
      }
    }
    open.delete(operation.begin);
    current = fitting;
    if (current.length === 0) return false;
  }
  return true;
}

function next(rules: ObjectRules, state: Json, f: string, value: Json, isKnown: boolean): readonly Json[] {
  if (!isKnown && rules.begun !== undefined) return rules.begun(state, f, value);
  const after = rules.step(state, f, value);
  return after === undefined ? [] : [after];
}

function ofKey(operations: Operations, name: number, key: Json, { independent }: Objects): Operation {
  const operation = operationAt(operations, name);
  if (independent && !jsonEquals(keyOf(operation.value), key))
    throw new ProofError(`${name} is not about the key ${valueText(key)}`);
  return operation;
}

/** Returns the key that all operations of an object must have. */
function keyOfFirst(names: readonly number[], operations: Operations, { independent }: Objects): Json {
  const [first] = names;
  return independent && first !== undefined ? keyOf(operationAt(operations, first).value) : null;
}

export const keyOf = (value: Json): Json => elementsOf(value)?.[0] ?? null;

/** Returns the value of an operation: the invocation's if the completion only acknowledges it. */
export function valueOf(
  { f, value, invoked, outcome }: Operation,
  rules: ObjectRules,
  objects: Objects,
): Json {
  const inner = innerValue(value, objects);
  return inner === null && outcome === 'ok' && rules.acknowledged(f) ? innerValue(invoked, objects) : inner;
}

/** Returns the value without its key. */
export const innerValue = (value: Json, { independent }: Objects): Json =>
  independent ? (elementsOf(value)?.[1] ?? null) : value;
