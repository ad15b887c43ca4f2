/**
 * The files of a run in a store as the source of a recorded run. Only plain files, since nodes can write to the folder
 * too.
 */
import { closeSync, existsSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  isOwnFolder,
  NotPlainFileError,
  openPlain,
  openPlainHandle,
  readPlain,
} from '../../files/plain-file.ts';
import { JOURNAL_FILES } from '../../network/journal/journal-format.ts';
import type { JournalSource, RunFile, RunSource } from '../../recording/run-source.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { RunClients } from '../../store/run-clients.ts';
import { readZero } from '../../store/run-zero.ts';
import { readTestFile } from '../../store/test-file.ts';
import { foreignRunSource, isForeignRun } from './foreign-run.ts';
import { logMarks } from './log-marks.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

/** Throws a UserError if the run's description cannot be read. */
export function storedRunSource(folder: string): RunSource {
  if (isForeignRun(folder)) return foreignRunSource(folder);
  const path = join(folder, RUN_FILES.test);
  const clients = new RunClients(folder);
  return {
    test: readTestFile(readPlain(path), path),
    journal: storedJournal(join(folder, RUN_FILES.journal), () => readZero(folder)),
    history: storedFile(join(folder, RUN_FILES.historyJsonl)),
    clients: clients.book,
    states: storedFile(join(folder, RUN_FILES.states), ownFolder(join(folder, RUN_FILES.journal))),
    refreshClients: () => clients.refresh(),
    logMarks: (asked) => logMarks(folder, asked),
    // There are none yet, or they are being written.
    results: () => unlessThrows(() => readPlain(join(folder, RUN_FILES.resultsJson))),
  };
}

export function storedJournal(folder: string, zeroNanos: () => number = () => 0): JournalSource {
  const check = ownFolder(folder);
  const file = (name: string): RunFile => storedFile(join(folder, name), check);
  return {
    messages: file(JOURNAL_FILES.messages),
    events: file(JOURNAL_FILES.events),
    bodies: file(JOURNAL_FILES.bodies),
    names: file(JOURNAL_FILES.names),
    causes: file(JOURNAL_FILES.causes),
    zeroNanos,
  };
}

/** Throws if the folder is a link. */
const ownFolder = (folder: string) => (): void => {
  if (existsSync(folder) && !isOwnFolder(folder)) throw new NotPlainFileError(folder, 'a link', 'a folder');
};

/** Opens a file on demand; `check` throws if it must not be opened. */
export function storedFile(path: string, check: () => void = () => undefined): RunFile {
  return {
    path,
    async scan(use) {
      check();
      const handle = await openPlainHandle(path);
      try {
        const { size } = await handle.stat();
        return await use({
          size,
          read: async (into, at) => {
            let got = 0;
            while (got < into.length) {
              const { bytesRead } = await handle.read(into, got, into.length - got, at + got);
              if (bytesRead === 0) break;
              got += bytesRead;
            }
            return got;
          },
        });
      } finally {
        await handle.close();
      }
    },
    look(use) {
      check();
      const fd = openPlain(path);
      try {
        return use({
          size: fstatSync(fd).size,
          read: (into, at) => readSync(fd, into, 0, into.length, at),
        });
      } finally {
        closeSync(fd);
      }
    },
  };
}
