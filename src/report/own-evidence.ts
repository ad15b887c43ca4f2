/**
 * The evidence of a workload that is the caller's own, as text: it is made where the workload is, and drawn in the thread that
 * writes the report.
 */
import type { Evidence } from '../checkers/evidence.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import { resultsToJson } from '../store/results-text.ts';

/** Written as results are: with every digit, and what is long cut. */
export const writeEvidence = (evidence: Evidence | undefined): string =>
  resultsToJson({ 'valid?': 'unknown', evidence });

export function readEvidence(text: string): Evidence | undefined {
  const written = parseJson(text);
  // By the function above.
  return isJsonObject(written) ? (written['evidence'] as unknown as Evidence | undefined) : undefined;
}
