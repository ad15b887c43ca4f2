/** Checks whether the verdict of a small history has a certificate that the verifier accepts. */
import { certify } from '../../src/certificate/certify.ts';
import { isObjectModel } from '../../src/certificate/linearizable-proof.ts';
import { isTransactionModel } from '../../src/certificate/transactions-proof.ts';
import { check, type HistoryOp } from '../../src/checkers/check.ts';
import type { ModelName } from '../../src/checkers/models/model-table.ts';
import type { Op } from '../../src/history/op.ts';
import { parseJson } from '../../src/protocol/json.ts';
import { certificateIn } from '../../src/verify/read-certificate.ts';
import { verify } from '../../src/verify/verify.ts';
import { certificateText } from '../../src/verify/written-values.ts';

export const hasCertificates = (model: ModelName): boolean =>
  isObjectModel(model) || isTransactionModel(model);

/**
 * Returns the operations with their lines as indexes; undefined if some has no process, since lines then do not name
 * operations.
 */
export function namedByLine(ops: readonly HistoryOp[]): readonly Op[] | undefined {
  const named = ops.map((op, index) => ({ f: 'txn', time: 0, ...op, value: op.value ?? null, index }));
  const areOps = (given: readonly object[]): given is readonly Op[] =>
    ops.every(({ process }) => typeof process === 'number' || process === 'nemesis') && given.length > 0;
  return areOps(named) ? named : undefined;
}

/**
 * Returns why the verdict has no certificate; undefined if it has one or there is no verdict. A checker that infers may
 * miss an anomaly, in which case there is nothing to prove. Throws if the certificate, read from its file, proves
 * nothing.
 */
export function unproved(
  model: ModelName,
  given: readonly HistoryOp[],
  options: Readonly<Record<string, unknown>>,
  isRight: boolean,
): string | undefined {
  const ops = namedByLine(given);
  if (ops === undefined) return undefined;
  const result = check(model, ops, options);
  if (result['valid?'] === 'unknown' || (result['valid?'] && !isRight)) return undefined;
  const certified = certify({ model, options, result }, ops);
  if (certified.certificate === undefined) return certified.why;
  // Values of EDN must not lose their types in the file.
  const text = certificateText(certified.certificate);
  try {
    verify(certificateIn(parseJson(text), 'the file'), ops);
  } catch (error) {
    throw new Error(`The certificate proves nothing once it is read from its file: ${text}`, {
      cause: error,
    });
  }
  return undefined;
}
