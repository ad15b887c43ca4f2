/**
 * The evidence of a workload that is the caller's own, beside the run's results: it is made where the workload is, and drawn and
 * shown where only its name is known.
 */
import { join } from 'node:path';
import type { Evidence } from '../checkers/evidence.ts';
import { readPlain, writeBelow } from '../files/plain-file.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import { RUN_FILES } from './layout.ts';
import { resultsToJson } from './results-text.ts';

/** Written as results are: with every digit, and what is long cut. Where there is none, a file that says so. */
export function writeEvidence(folder: string, evidence: Evidence | undefined): void {
  writeBelow(folder, RUN_FILES.evidence, resultsToJson({ 'valid?': 'unknown', evidence }));
}

/** What a workload of the caller's own found. */
export interface OwnEvidence {
  /** Undefined where it brings none. */
  readonly evidence: Evidence | undefined;
}

/** Undefined for a run of another workload. Throws where it cannot be read. */
export function readEvidence(folder: string): OwnEvidence | undefined {
  let text: string;
  try {
    text = readPlain(join(folder, RUN_FILES.evidence));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const written = parseJson(text);
  // By the function above.
  return { evidence: isJsonObject(written) ? (written['evidence'] as unknown as Evidence) : undefined };
}
