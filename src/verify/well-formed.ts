/**
 * What every history of a model has: only operations that the model knows, values of the right shape, and completions
 * that answer their invocations. And what every certificate of it has: only options that have a meaning for the model,
 * since they are shown as part of what is proved.
 */
import { elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import { ProofError, type Certificate } from './certificate.ts';
import { innerValue, keyOf, type Objects } from './linearizations.ts';
import { operationsOfObject, rulesOf, type ObjectRules } from './objects.ts';
import type { Operation, Operations } from './operations.ts';

const DECIDED = ['consistency-models', 'anomalies', 'decide?', 'decide-steps'];
const INFERRED = ['wfr-keys?', 'sequential-keys?', 'linearizable-keys?', 'transaction-order'];

const OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['list-append', DECIDED],
  ['rw-register', [...DECIDED, ...INFERRED, 'initial-value']],
  ['kv', []],
  ['register', ['independent?', 'initial-value']],
  ['cas-register', ['independent?', 'initial-value']],
]);

export function holdOptions({ model, options }: Certificate): void {
  const known = OPTIONS.get(model) ?? ['independent?'];
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) throw new ProofError(`The model ${model} has no option ${name}`);
    if (name.endsWith('?') && typeof value !== 'boolean')
      throw new ProofError(`The option ${name} is ${valueText(value)}; expected true or false`);
  }
}

export function holdTransactions({ model, 'valid?': isValid }: Certificate, operations: Operations): void {
  const write = model === 'list-append' ? 'append' : 'w';
  for (const operation of operations.values()) {
    const { begin, value, invoked, outcome } = operation;
    const mops = elementsOf(value);
    if (mops === undefined) throw new ProofError(`The transaction on line ${begin} has no micro-operations`);
    for (const mop of mops) {
      const [f = null, , shown = null] = elementsOf(mop) ?? [];
      if (f !== 'r' && f !== write)
        throw new ProofError(`The model ${model} does not know ${valueText(mop)}, on line ${begin}`);
      if (model === 'list-append' && f === 'r' && shown !== null && elementsOf(shown) === undefined)
        throw new ProofError(`The transaction on line ${begin} reads ${valueText(shown)}, which is no list`);
    }
    if (isValid && outcome === 'ok' && !areAnswers(mops, elementsOf(invoked) ?? []))
      throw new ProofError(`The transaction on line ${begin} completes as another one than it was invoked`);
  }
}

/** Anything may answer an empty transaction. */
const areAnswers = (mops: readonly Json[], asked: readonly Json[]): boolean =>
  asked.length === 0 ||
  (mops.length === asked.length &&
    mops.every((mop, at) => {
      const [f = null, key = null, value = null] = elementsOf(mop) ?? [];
      const [askedF = null, askedKey = null, askedValue = null] = elementsOf(asked[at] ?? null) ?? [];
      return f === askedF && jsonEquals(key, askedKey) && (f === 'r' || jsonEquals(value, askedValue));
    }));

export function holdObjects(objects: Objects, operations: Operations): void {
  const { model } = objects;
  const rules = rulesOf(model, objects.initial);
  const known = operationsOfObject(model);
  for (const operation of operations.values()) {
    const { f, begin, value } = operation;
    if (!known.has(f))
      throw new ProofError(`The model ${model} does not know ${valueText(f)}, on line ${begin}`);
    if (!isAnswer(operation, rules, objects))
      throw new ProofError(
        `${f} on line ${begin} completes with ${valueText(value)}, which is no answer to it`,
      );
    const { invoked } = operation;
    const isPair = !objects.independent || elementsOf(invoked)?.length === 2;
    if (!isPair || !hasShape(model, f, innerValue(invoked, objects)))
      throw new ProofError(`${f} on line ${begin} has the value ${valueText(invoked)}, which has no meaning`);
  }
}

/** Whether a completion has the key of its invocation, and its value unless it returns one. */
function isAnswer({ f, value, invoked, outcome }: Operation, rules: ObjectRules, objects: Objects): boolean {
  if (outcome !== 'ok' || value === null) return true;
  if (objects.independent && elementsOf(invoked) !== undefined && !jsonEquals(keyOf(value), keyOf(invoked)))
    return false;
  const shown = innerValue(value, objects);
  return !rules.acknowledged(f) || shown === null || jsonEquals(shown, innerValue(invoked, objects));
}

function hasShape(model: string, f: string, value: Json): boolean {
  if (f === 'cas') return elementsOf(value)?.length === 2;
  return model !== 'kv' || value === null || typeof value === 'string';
}
