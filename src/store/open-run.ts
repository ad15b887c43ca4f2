/** Reads a stored run, including one that was interrupted or killed, which has a history but no results. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { lstatIfThere, NotPlainFileError, plainPieces, readPlain } from '../files/plain-file.ts';
import type { Op } from '../history/op.ts';
import { readHistory, type HistoryReading } from '../history/reading/read-history.ts';
import { FileJournalReader } from '../network/journal/journal-file-reader.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import { isJsonObject, parseJson, type JsonObject } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { RUN_FILES } from './layout.ts';
import { readZero } from './run-zero.ts';
import { readTestFile, type TestFile } from './test-file.ts';

export type StoredResults =
  | { readonly kind: 'read'; readonly results: JsonObject }
  /** The run was killed before its analysis. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly problem: string };

export interface StoredRun {
  /** Absolute path, links followed. */
  readonly path: string;
  readonly test: TestFile;
  /** Reads the history; throws a HistoryError if it is invalid. */
  history(): HistoryReading;
  /** Returns undefined if the run was never analysed or its results cannot be read. */
  results(): JsonObject | undefined;
  /** Returns the results, or the reason why there are none. */
  storedResults(): StoredResults;
  /** Opens the journal; the caller must close it. */
  journal(): JournalReader;
}

/** Throws a UserError if the folder contains no run. */
export function openRun(folder: string): StoredRun {
  const testFile = join(folder, RUN_FILES.test);
  if (lstatIfThere(testFile) === undefined) {
    throw new UserError(
      `${folder} is not the folder of a run: it has no ${RUN_FILES.test}.`,
      'A run is a folder such as store/latest, or store/echo/20261121T023456.789Z.',
    );
  }
  const path = realpathSync(folder);
  const storedResults = (): StoredResults => readResults(join(path, RUN_FILES.resultsJson));
  return {
    path,
    test: readTestFile(textOf(join(path, RUN_FILES.test)), testFile),
    history: () => readHistory(plainPieces(join(path, RUN_FILES.historyJsonl))),
    storedResults,
    results: () => {
      const stored = storedResults();
      return stored.kind === 'read' ? stored.results : undefined;
    },
    journal: () => new FileJournalReader(join(path, RUN_FILES.journal), readZero(path)),
  };
}

/** Throws a UserError if it is not a plain file. */
function textOf(file: string): string {
  try {
    return readPlain(file);
  } catch (error) {
    if (!(error instanceof NotPlainFileError)) throw error;
    throw new UserError(`The run cannot be read: ${error.message}.`);
  }
}

function readResults(file: string): StoredResults {
  if (lstatIfThere(file) === undefined) return { kind: 'none' };
  try {
    const results = parseJson(readPlain(file));
    return isJsonObject(results)
      ? { kind: 'read', results }
      : { kind: 'unreadable', problem: `${file} does not hold results: it is not a JSON object` };
  } catch (error) {
    // Too deep for the stack, too long for a string, not JSON, or not a plain file: not what was written.
    return { kind: 'unreadable', problem: `${file} cannot be read: ${(error as Error).message}` };
  }
}

/** Returns the operations of its history. Throws a UserError if it cannot be read. */
export function storedOps(run: Pick<StoredRun, 'path' | 'history'>): readonly Op[] {
  try {
    return [...run.history().ops];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UserError(
      `The history of ${run.path} cannot be read: ${error.message}`,
      'Run the test again, and use the new run.',
    );
  }
}
