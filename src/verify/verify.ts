/**
 * Checks a verdict's proof against the history: `maelstrom verify`.
 *
 * Apart from what reads histories and compares values, it shares no code with the checkers. To trust a verdict, a
 * reader needs to read only this folder.
 */
import type { Op } from '../history/op.ts';
import { canonicalJson, elementsOf, jsonEquals, JsonNumber, valueText, type Json } from '../protocol/json.ts';
import { holdAnomaly } from './anomalies.ts';
import {
  ProofError,
  type CasesProof,
  type Certificate,
  type CycleProof,
  type OrderProof,
} from './certificate.ts';
import { verifyText } from './impossible-texts.ts';
import { verifyCore, verifyLinearization } from './linearizations.ts';
import { holdEnough, holdForbidden, modelsToRefute, shapeOf, anyWith } from './models.ts';
import { isWrite, microOpsOf } from './key-state.ts';
import { operationsOf, type Operations } from './operations.ts';
import { Refuter } from './refutations.ts';
import { verifyOrder } from './transactions.ts';
import { Versions } from './versions.ts';
import { holdObjects, holdOptions, holdTransactions } from './well-formed.ts';

/** Models that are checked by default. */
const DEFAULT_MODELS = ['strict-serializable'];
/** Initial values of stores in some languages. */
const BEGINNINGS: readonly Json[] = [0, new JsonNumber('0.0'), false, ''];

/** Whether values are [key, value], with an object for each key. */
export const isKeyed = ({ model, options }: Pick<Certificate, 'model' | 'options'>): boolean =>
  options['independent?'] === true || model === 'kv';

/** Returns what the proof shows, in a clause. Throws a `ProofError` if it shows nothing. */
export function verify(certificate: Certificate, ops: readonly Op[]): string {
  const { model, options, proof } = certificate;
  const initial = options['initial-value'];
  const objects = { model, independent: isKeyed(certificate), initial };
  const stores = { isOfLists: model === 'list-append', initial: initial ?? null };
  const models = namesIn(options, 'consistency-models') ?? DEFAULT_MODELS;
  const anomalies = namesIn(options, 'anomalies') ?? [];
  const isTransactional = model === 'list-append' || model === 'rw-register';
  const operations = operationsOf(ops, isTransactional);
  holdOptions(certificate);
  if (isTransactional) holdTransactions(certificate, operations);
  else holdObjects(objects, operations);
  if (isTransactional && !stores.isOfLists) holdInitial(stores.initial, operations);
  const provesValid = !['core', 'text', 'cycle', 'cases', 'anomaly'].includes(proof.kind);
  if (provesValid !== certificate['valid?'])
    throw new ProofError(`A proof of kind ${proof.kind} does not go with this verdict`);
  if (isTransactional === ['linearization', 'core', 'text'].includes(proof.kind))
    throw new ProofError(`A proof of kind ${proof.kind} does not go with the model ${model}`);
  const versions = (): Versions =>
    new Versions(operations, stores, {
      wfr: options['wfr-keys?'] === true,
      sequential: options['sequential-keys?'] === true,
      linearizable: options['linearizable-keys?'] === true,
      isDirty: !modelsToRefute(models, anomalies).every(({ forbids }) => forbids.has('G1b')),
    });
  switch (proof.kind) {
    case 'linearization':
      verifyLinearization(proof, operations, objects);
      return `an order of all operations of ${proof.objects.length} objects, each possible after the ones before it`;
    case 'core':
      verifyCore(proof, operations, objects);
      return `${proof.operations.length} operations that have no order up to line ${proof.until}`;
    case 'text':
      verifyText(proof, operations, objects);
      return `the get on line ${proof.operation} shows a string that cannot have been there, whichever put came last before it`;
    case 'cycle':
    case 'cases':
      return refuted(proof);
    case 'anomaly':
      holdAnomaly(proof, operations, versions());
      if (!anomalies.includes(proof.anomaly)) holdForbidden(modelsToRefute(models, anomalies), proof.anomaly);
      return `${proof.anomaly}, at ${proof.operations.join(' and ')}`;
    default:
      if (anomalies.length > 0) throw new ProofError('An order says nothing of single anomalies');
      holdEnough(models, proof);
      verifyOrder(proof, operations, stores);
      return `an order of all ${proof.order.length} points (${proof.kind}) that respects ${proof.respects}`;
  }

  function refuted(refutation: CycleProof | CasesProof): string {
    const cycle = refutation.kind === 'cycle' ? refutation.steps : undefined;
    const candidates =
      cycle !== undefined && anomalies.includes(shapeOf(cycle).name)
        ? [anyWith(shapeOf(cycle).shape)]
        : modelsToRefute(models, anomalies);
    let refused = new ProofError('No model was asked for that a cycle refutes');
    for (const one of candidates) {
      try {
        const cycles = new Refuter(operations, versions(), one).refute(refutation);
        return cycle !== undefined
          ? `a cycle of ${cycle.length} transactions, each of which had to come before the next: ${shapeOf(cycle).name}`
          : `${cycles} cases, in each of which transactions had to come before each other in a cycle`;
      } catch (error) {
        if (!(error instanceof ProofError)) throw error;
        refused = error;
      }
    }
    throw refused;
  }
}

/** True if any order of that kind can prove the history valid under these options. */
export function canProve(
  options: Certificate['options'],
  { kind, respects }: Omit<OrderProof, 'order'>,
): boolean {
  try {
    holdEnough(namesIn(options, 'consistency-models') ?? DEFAULT_MODELS, { kind, respects });
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/**
 * Throws unless the initial value of registers is the one that the history implies: null, or a value that reads show
 * and nothing wrote.
 */
function holdInitial(initial: Json, operations: Operations): void {
  const candidates = new Map(BEGINNINGS.map((value) => [canonicalJson(value), value]));
  const read = new Set<string>();
  // Nearly all values are others, and not looked at further.
  const isBeginning = (value: Json): boolean => !value || value instanceof JsonNumber;
  for (const operation of operations.values()) {
    const { outcome, invoked } = operation;
    for (const mop of [
      ...microOpsOf(operation),
      ...microOpsOf({ ...operation, value: invoked }).filter(isWrite),
    ]) {
      if (!isBeginning(mop[2])) continue;
      if (isWrite(mop)) candidates.delete(canonicalJson(mop[2]));
      if (isWrite(mop) || outcome === 'ok') read.add(canonicalJson(mop[2]));
    }
  }
  const shown = read.has('null') ? [] : [...candidates].filter(([text]) => read.has(text));
  const [[, found] = ['null', null]] = shown.length === 1 ? shown : [];
  if (!jsonEquals(initial, found))
    throw new ProofError(`Registers begin as ${valueText(found)} here, not as ${valueText(initial)}`);
}

/** Returns a list of names, given as such or as text with commas; undefined if not given. */
function namesIn(options: Certificate['options'], option: string): readonly string[] | undefined {
  const asked = options[option];
  if (asked === undefined) return undefined;
  const names = typeof asked === 'string' ? asked.split(',').map((name) => name.trim()) : elementsOf(asked);
  if (names?.every((name) => typeof name === 'string') !== true)
    throw new ProofError(`The option ${option} is ${valueText(asked)}; expected names`);
  return [...new Set(names)];
}
