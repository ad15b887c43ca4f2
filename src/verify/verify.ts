/**
 * Checks a verdict's proof against the history: `maelstrom verify`.
 *
 * It shares no code with the checkers, only what reads a history and compares values: a reader who doubts a verdict reads this
 * room, about a thousand lines, and not the checkers.
 */
import type { Op } from '../history/op.ts';
import { elementsOf, type Json } from '../protocol/json.ts';
import { Shown } from './anomalies.ts';
import { ProofError, type Certificate } from './certificate.ts';
import { verifyCore, verifyLinearization } from './linearizations.ts';
import { holdEnough, holdForbidden, shapeOf } from './models.ts';
import { operationsOf } from './operations.ts';
import { verifyOrder } from './transactions.ts';

/** What the proof shows, in a clause. Throws a `ProofError` where it shows nothing. */
export function verify(certificate: Certificate, ops: readonly Op[]): string {
  const { model, options, proof } = certificate;
  const objects = { model, independent: options['independent?'] === true };
  const stores = { isOfLists: model === 'list-append', initial: options['initial-value'] ?? null };
  const models = modelsAsked(options['consistency-models']);
  const anomalies = (elementsOf(options['anomalies']) ?? []).map(String);
  const isTransactional = model === 'list-append' || model === 'rw-register';
  const operations = operationsOf(ops, isTransactional);
  const provesValid = ['linearization', 'serial', 'snapshot', 'commits'].includes(proof.kind);
  if (provesValid !== certificate['valid?'])
    throw new ProofError(`A proof of kind ${proof.kind} does not go with this verdict`);
  if (isTransactional === (proof.kind === 'linearization' || proof.kind === 'core'))
    throw new ProofError(`A proof of kind ${proof.kind} does not go with the model ${model}`);
  const shown = new Shown(operations, stores, {
    wfr: options['wfr-keys?'] === true,
    sequential: options['sequential-keys?'] === true,
    linearizable: options['linearizable-keys?'] === true,
  });
  switch (proof.kind) {
    case 'linearization':
      verifyLinearization(proof, operations, objects);
      return `an order of all operations of ${proof.objects.length} objects, each possible after the ones before it`;
    case 'core':
      verifyCore(proof, operations, objects);
      return `${proof.operations.length} operations that have no order up to line ${proof.until}`;
    case 'cycle': {
      shown.cycle(proof);
      const { shape, respects, name } = shapeOf(proof.steps);
      if (!anomalies.includes(name)) holdForbidden(models, shape, respects);
      return `a cycle of ${proof.steps.length} transactions, each of which had to come before the next: ${name}`;
    }
    case 'anomaly':
      shown.anomaly(proof);
      if (!anomalies.includes(proof.anomaly)) holdForbidden(models, proof.anomaly);
      return `${proof.anomaly}, at ${proof.operations.join(' and ')}`;
    default:
      if (anomalies.length > 0) throw new ProofError('An order says nothing of single anomalies');
      verifyOrder(proof, operations, stores);
      holdEnough(models, proof);
      return `an order of all ${proof.order.length} points (${proof.kind}) that respects ${proof.respects}`;
  }
}

function modelsAsked(asked: Json | undefined): readonly string[] {
  if (asked === undefined) return ['strict-serializable'];
  return typeof asked === 'string'
    ? asked.split(',').map((name) => name.trim())
    : (elementsOf(asked) ?? []).map(String);
}
