/**
 * The proof of a verdict, for `maelstrom check --certificate`: it shows that the verdict is right, without the
 * checkers.
 *
 * A proof is returned only if the verifier (`src/verify`) accepts it.
 */
import type { Budget, CheckResult } from '../checkers/checker.ts';
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import { ProofError, type Certificate, type OrderProof, type Proof } from '../verify/certificate.ts';
import { canProve, isKeyed, verify } from '../verify/verify.ts';
import { coreOf, impossibleTextIn, isObjectModel, linearizationOf } from './linearizable-proof.ts';
import { isTransactionModel, ordersOf, refutationsIn } from './transactions-proof.ts';

export interface Judged {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The result for the history as given here, whose indexes are line numbers. */
  readonly result: CheckResult;
}

export type Certified =
  | { readonly certificate: Certificate; readonly says: string }
  | { readonly certificate?: undefined; readonly why: string };

export function certify({ model, options, result }: Judged, ops: readonly Op[], budget?: Budget): Certified {
  const verdict = result['valid?'];
  if (verdict === 'unknown') return { why: 'there is no verdict to prove' };
  if (!isObjectModel(model) && !isTransactionModel(model))
    return {
      why: `the verdicts of ${model} have no certificates; those of registers, kv, queues, mutex, linearizable-set, list-append and rw-register have`,
    };
  let refused = verdict
    ? 'no order of the operations was found in the time there was'
    : 'what is wrong is of a kind that the certificate cannot show';
  const initial = result['initial-value'];
  // A run's options may be undefined, which a file does not hold.
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const shown = {
    ...(Object.fromEntries(given) as { readonly [name: string]: Json }),
    ...(initial !== undefined && { 'initial-value': initial as Json }),
  };
  for (const proof of proofs()) {
    const certificate: Certificate = { certificate: 1, model, options: shown, 'valid?': verdict, proof };
    try {
      return { certificate, says: verify(certificate, ops) };
    } catch (error) {
      if (!(error instanceof ProofError)) throw error;
      refused = error.message;
    }
  }
  return { why: refused };

  /** Where not even the strongest order is enough, the verifier says why. */
  function isEnough(kind: OrderProof['kind'], respects: OrderProof['respects']): boolean {
    return canProve(shown, { kind, respects }) || !canProve(shown, { kind: 'serial', respects: 'realtime' });
  }

  function* proofs(): Generator<Proof> {
    if (isObjectModel(model)) {
      const make = verdict ? linearizationOf : coreOf;
      const isOfKeys = isKeyed({ model, options: shown });
      const text = verdict || model !== 'kv' ? undefined : impossibleTextIn(ops, isOfKeys);
      if (text !== undefined) yield text;
      const proof = make(model, { ...options, 'independent?': isOfKeys }, ops, budget);
      if (proof !== undefined) yield proof;
    } else if (isTransactionModel(model)) {
      if (verdict) yield* ordersOf(model, options, ops, isEnough, budget);
      else yield* refutationsIn(result, ops);
    }
  }
}
