/** `check --certificate`: writes the proof of the verdict to a file. */
import { writeFileSync } from 'node:fs';
import { certify } from '../../certificate/certify.ts';
import { check } from '../../checkers/check.ts';
import type { Budget, CheckResult } from '../../checkers/checker.ts';
import type { ModelName } from '../../checkers/models/model-table.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import { UserError } from '../../protocol/user-error.ts';
import { certificateText } from '../../verify/written-values.ts';
import { eachOperation, type HistorySource } from './history-source.ts';
import type { JudgedModel } from './judge.ts';

interface CertificateInput {
  readonly source: HistorySource;
  readonly model: JudgedModel | undefined;
  readonly reading: HistoryStreamOptions;
  /** The judge's result. */
  readonly result: CheckResult;
  readonly budget: Budget | undefined;
  readonly file: string;
}

/** Returns a line about the outcome. Throws a UserError if the file cannot be written. */
export async function writeCertificate({
  source,
  model,
  reading,
  ...checked
}: CertificateInput): Promise<string> {
  if (model === undefined) return 'No certificate: this workload, or model, does not support them.';
  const ops: Op[] = [];
  await eachOperation(source, reading, (op) => ops.push({ ...op, index: ops.length }));
  const { name, options } = model;
  // Checked again with positions as indexes, by which a proof names operations, since the history may have any indexes.
  const result =
    checked.result['valid?'] === 'unknown'
      ? checked.result
      : check(name as ModelName, ops, { ...options, budget: checked.budget });
  const certified = certify({ model: name, options, result }, ops, checked.budget);
  if (certified.certificate === undefined) return `No certificate: ${certified.why}.`;
  try {
    writeFileSync(checked.file, certificateText(certified.certificate));
  } catch (error) {
    throw new UserError(`The certificate could not be written: ${(error as Error).message}.`);
  }
  return `Certificate: ${checked.file}, ${certified.says}`;
}
