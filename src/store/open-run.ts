/** Reads a stored run back: also one that was interrupted or killed, which has a history but no results. */
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory, type HistoryReading } from '../history/read-history.ts';
import { FileJournalReader } from '../network/journal-file-reader.ts';
import type { JournalReader } from '../network/journal.ts';
import { parseJson, type JsonObject } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { RUN_FILES } from './layout.ts';
import { readTestFile, type TestFile } from './test-file.ts';

export interface StoredRun {
  /** Absolute path, links followed. */
  readonly path: string;
  readonly test: TestFile;
  /** Reads the history; throws a HistoryError when it is none. */
  history(): HistoryReading;
  /** Undefined when the run never came to an analysis. */
  results(): JsonObject | undefined;
  /** To be closed by who asked for it. */
  journal(): JournalReader;
}

/** Throws a UserError when the folder holds no run. */
export function openRun(folder: string): StoredRun {
  const testFile = join(folder, RUN_FILES.test);
  if (!existsSync(testFile)) {
    throw new UserError(
      `${folder} holds no run: there is no ${RUN_FILES.test} in it.`,
      'A run is a folder such as store/latest, or store/echo/20261121T023456.789Z.',
    );
  }
  const path = realpathSync(folder);
  const read = (name: string): string => readFileSync(join(path, name), 'utf8');
  return {
    path,
    test: readTestFile(read(RUN_FILES.test), testFile),
    history: () => readHistory(chunksOf(join(path, RUN_FILES.historyJsonl))),
    // Written by writeResults, whose top is an object.
    results: () =>
      existsSync(join(path, RUN_FILES.resultsJson))
        ? (parseJson(read(RUN_FILES.resultsJson)) as JsonObject)
        : undefined,
    journal: () => new FileJournalReader(join(path, RUN_FILES.journal)),
  };
}

/** The bytes of a file, piece by piece; a piece is good until the next is asked for. A history may be too long for one text. */
function* chunksOf(file: string): Generator<Uint8Array> {
  const fd = openSync(file, 'r');
  try {
    const buffer = new Uint8Array(1 << 20);
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}
