/**
 * The evidence of a caller's own workload, stored beside the run's results: only the workload can produce it, but the
 * programs that draw and show it know only the workload's name.
 */
import { join } from 'node:path';
import type { Evidence } from '../checkers/evidence.ts';
import { readPlain, writeBelow } from '../files/plain-file.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import { RUN_FILES } from './layout.ts';
import { resultsToJson } from './results/results-text.ts';

/** Writes the evidence like results, with all digits and long values cut. Without evidence, the file records that. */
export function writeEvidence(folder: string, evidence: Evidence | undefined): void {
  writeBelow(folder, RUN_FILES.evidence, resultsToJson({ 'valid?': 'unknown', evidence }));
}

/** The evidence of a caller's own workload. */
export interface OwnEvidence {
  /** Undefined if it provides none. */
  readonly evidence: Evidence | undefined;
}

/** Returns undefined for a run of another workload. Throws if the file cannot be read. */
export function readEvidence(folder: string): OwnEvidence | undefined {
  let text: string;
  try {
    text = readPlain(join(folder, RUN_FILES.evidence));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const written = parseJson(text);
  // Written by the function above.
  return { evidence: isJsonObject(written) ? (written['evidence'] as unknown as Evidence) : undefined };
}
