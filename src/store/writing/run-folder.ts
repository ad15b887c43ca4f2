/**
 * The folder of one run while it is being written: `store/<workload>/<timestamp>/`.
 *
 * Entries of the history, the journal and the log reach the disk within a second, so that a killed run leaves something
 * to analyse. A file that can no longer be written is reported once through `onProblem`.
 */
import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, type Stats } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import type { CheckResult } from '../../checkers/checker.ts';
import {
  isStillThere,
  lstatIfThere,
  makeOwnFolder,
  makeWayFor,
  replaceFile,
  writeBelow,
} from '../../files/plain-file.ts';
import type { OpenedClient } from '../../history/client-book.ts';
import { HistoryWriter, type HistorySink } from '../../history/history-writer.ts';
import { FileJournal } from '../../network/journal/journal-file.ts';
import type { Journal } from '../../network/journal/journal.ts';
import { closingLine } from '../../run/words/closing-line.ts';
import { stateLine, type StateChange } from '../../protocol/state-change.ts';
import { plainText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../explain-file-error.ts';
import { GuardedJournal } from './guarded-journal.ts';
import { LINKS, RUN_FILES, timestampName } from '../layout.ts';
import { replaceLink } from './links.ts';
import { OutputFile, type OnFileProblem } from './output-file.ts';
import { resultsToEdnText, resultsToJson } from '../results/results-text.ts';
import { clientLine } from '../run-clients.ts';
import { digestOfRun } from '../run-digest.ts';
import { writeZero } from '../run-zero.ts';
import { markRunning, unmarkRunning } from '../running-mark.ts';
import { writeTestFile, type TestFacts } from '../test-file.ts';

const FLUSH_EVERY_MS = 1000;
/** Maximum length in characters of an operation in the log; the history has it in full. */
const LONGEST_LOGGED = 1000;
const LOG_BATCH = 64 * 1024;
const LONGEST_LOGGED_RESULTS = 64 * 1024;

export interface RunFolderOptions extends TestFacts {
  /** The store's folder; created if missing. */
  readonly store: string;
  /** The folder of a run that is repeated from its beginning, which is emptied; a new folder by default. */
  readonly again?: string | undefined;
  /** Called at most once for each file, with a sentence. */
  readonly onProblem: OnFileProblem;
}

export class RunFolder {
  /** Absolute path of the run's folder. */
  readonly path: string;
  readonly history: HistorySink;
  readonly journal: Journal;
  private readonly historyWriter: HistoryWriter;
  private readonly files: readonly OutputFile[];
  private readonly logFile: OutputFile;
  private readonly clientsFile: OutputFile;
  /** Created with the first state. */
  private statesFile: OutputFile | undefined;
  private readonly flushing: NodeJS.Timeout;
  private readonly workload: string;
  private readonly store: string;
  /** The real path of the store and the run's folder, as they were when the run began. */
  private readonly madeIn: string;
  private made: Stats;
  private wasGone = false;
  private readonly fileJournal: FileJournal;
  private zeroNanos: number | undefined;
  private readonly facts: RunFolderOptions;
  private logText = '';
  private clientsText = '';
  private statesText = '';
  private hasStatesProblem = false;
  private clock = { ms: -1, text: '' };
  private closed = false;

  /** Creates the folder and its files. Throws a UserError with an explanation if that fails. */
  constructor(options: RunFolderOptions) {
    this.path = options.again === undefined ? makeFolder(options) : emptyFolder(options.again);
    this.workload = options.spec.workload;
    this.facts = options;
    const { onProblem } = options;
    try {
      const open = (name: string): OutputFile => new OutputFile(join(this.path, name), onProblem);
      const jsonl = open(RUN_FILES.historyJsonl);
      const edn = open(RUN_FILES.historyEdn);
      const txt = open(RUN_FILES.historyTxt);
      this.logFile = open(RUN_FILES.log);
      this.historyWriter = new HistoryWriter({ jsonl, edn, txt }, (line) => this.logOperation(line));
      const journal = join(this.path, RUN_FILES.journal);
      this.fileJournal = new FileJournal(journal);
      this.journal = new GuardedJournal(this.fileJournal, journal, onProblem);
      this.clientsFile = open(RUN_FILES.clients);
      this.files = [jsonl, edn, txt, this.logFile, this.clientsFile];
      mkdirSync(join(this.path, RUN_FILES.nodeLogs));
      // Written before the file that makes the folder a run for readers.
      markRunning(this.path);
      replaceFile(join(this.path, RUN_FILES.test), writeTestFile(options));
      this.store = resolve(options.store);
      this.madeIn = realpathSync(this.store);
      this.made = lstatSync(this.path);
    } catch (error) {
      throw cannotStore(this.path, error);
    }
    this.history = this.historyWriter;
    this.link(join(this.store, LINKS.current));
    this.flushing = setInterval(() => this.flush(), FLUSH_EVERY_MS);
    this.flushing.unref();
  }

  /** Records a client; its time is on the journal's clock. */
  clientOpened(client: OpenedClient): void {
    if (this.closed) return;
    this.clientsText += clientLine(client);
    if (this.clientsText.length > LOG_BATCH) this.flushClients();
  }

  /** Records a state; its time is on the journal's clock. */
  stateChanged(change: StateChange): void {
    if (this.closed) return;
    this.statesText += stateLine(change);
    if (this.statesText.length > LOG_BATCH) this.flushStates();
  }

  log(line: string): void {
    if (this.closed) return;
    this.addToLog(plainText(line));
    this.flushLog();
  }

  /** Returns the file for a node's stderr, in a folder that is not a link. */
  nodeLogFile(node: string): string {
    try {
      this.ensureFolder();
      makeOwnFolder(this.path, join(this.path, RUN_FILES.nodeLogs));
    } catch {
      // The node runs without a log; that the run's folder is gone is reported at the end.
    }
    return join(this.path, RUN_FILES.nodeLogs, `${node}.log`);
  }

  /** Returns a node's own folder, created on first use. Throws a UserError if it cannot be created. */
  nodeDataDir(node: string): string {
    const folder = join(this.path, RUN_FILES.nodeData, node);
    try {
      this.ensureFolder();
      makeOwnFolder(this.path, folder);
      return folder;
    } catch (error) {
      throw this.explained(error);
    }
  }

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  /**
   * Writes the results in both formats; the run is then the latest complete one. Returns a sentence if files of the run
   * had been removed and were restored. Throws a UserError if the results cannot be written.
   */
  writeResults(results: CheckResult): string | undefined {
    let restored: string | undefined;
    try {
      restored = this.restore();
      if (restored !== undefined) this.log(restored);
      writeBelow(this.path, RUN_FILES.resultsJson, resultsToJson(results));
      const edn = resultsToEdnText(results, this.workload);
      writeBelow(this.path, RUN_FILES.resultsEdn, edn);
      const shown =
        edn.length > LONGEST_LOGGED_RESULTS
          ? `${edn.slice(0, LONGEST_LOGGED_RESULTS)}\n... see ${RUN_FILES.resultsEdn}`
          : edn.trimEnd();
      this.log(`Results:\n${shown}\n\n\n${closingLine(results['valid?'])}`);
    } catch (error) {
      throw this.explained(error);
    }
    this.link(join(this.store, LINKS.latest), join(this.store, this.workload, LINKS.latest));
    return restored;
  }

  /**
   * Restores files that were removed, since nodes can remove anything, even the run's folder. Open files are written
   * again, but never through a link that replaced the store or a folder in it.
   */
  private restore(): string | undefined {
    this.ensureFolder();
    this.flush();
    const files = [...this.files, ...(this.statesFile === undefined ? [] : [this.statesFile])];
    const restored = files.filter((file) => file.restore(this.path)).map(({ path }) => path);
    restored.push(...this.fileJournal.restore(this.path));
    if (lstatIfThere(this.file('test')) === undefined) {
      writeBelow(this.path, RUN_FILES.test, writeTestFile(this.facts));
      restored.push(this.file('test'));
    }
    if (this.zeroNanos !== undefined && lstatIfThere(this.file('zero')) === undefined)
      writeZero(this.path, this.zeroNanos);
    if (this.wasGone)
      return "Warning: the run's folder was removed or replaced while the test ran, by a node or another program. The recorded data has been written again; the logs of nodes may be lost.";
    if (restored.length === 0) return undefined;
    const names = restored.map((path) => relative(this.path, path)).join(', ');
    return `Warning: files of the run were removed or replaced while it ran, by a node or another program, and have been written again: ${names}.`;
  }

  private ensureFolder(): void {
    if (isStillThere(this.path, this.made)) return;
    try {
      makeFolders(this.madeIn);
      const folder = join(this.madeIn, relative(this.store, this.path));
      makeOwnFolder(this.madeIn, folder);
      this.made = lstatSync(folder);
      if (!isStillThere(this.path, this.made)) throw new Error(`${this.store} now points elsewhere`);
      this.wasGone = true;
    } catch (error) {
      throw new UserError(
        `The run's folder was removed while the test ran, and cannot be created again: ${explainFileError(this.path, error)}`,
        'Does a node, or another program, remove or replace files of the store?',
      );
    }
  }

  /** Records the digest beside the seed; must be called after `writeResults`. */
  recordDigest(): string {
    try {
      this.flush();
      const digest = digestOfRun(this.path);
      writeBelow(this.path, RUN_FILES.test, writeTestFile(this.facts, digest));
      return digest;
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** Writes all buffers and closes the files. Safe to call twice. */
  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    clearInterval(this.flushing);
    this.journal.close();
    for (const file of this.files) file.close();
    this.statesFile?.close();
    unmarkRunning(this.path);
  }

  /** Sets the zero of the history's times, on the run's clock. */
  timesBegin(zeroNanos: number): void {
    this.zeroNanos = zeroNanos;
    try {
      writeZero(this.path, zeroNanos);
    } catch (error) {
      this.log(explainFileError(this.file('zero'), error));
    }
  }

  /** Returns the name of a node's log as results show it. */
  nodeLogName(node: string): string {
    return `${RUN_FILES.nodeLogs}/${node}.log`;
  }

  /** Operations are frequent, so they are written together with the next lines or within a second. */
  private logOperation(line: string): void {
    this.addToLog(line.length > LONGEST_LOGGED ? `${line.slice(0, LONGEST_LOGGED)}...` : line);
    if (this.logText.length > LOG_BATCH) this.flushLog();
  }

  private addToLog(line: string): void {
    const ms = Date.now();
    if (ms !== this.clock.ms) this.clock = { ms, text: new Date(ms).toISOString() };
    this.logText += `${this.clock.text} ${line}\n`;
  }

  private flushLog(): void {
    const text = this.logText;
    this.logText = '';
    if (text !== '') this.logFile.write(text);
  }

  private flushClients(): void {
    const text = this.clientsText;
    this.clientsText = '';
    if (text !== '') this.clientsFile.write(text);
  }

  private flushStates(): void {
    const text = this.statesText;
    this.statesText = '';
    if (text === '' || this.hasStatesProblem) return;
    const path = this.file('states');
    try {
      // Nodes are running by now, and could have replaced the folder by a link, or put something in place of the file.
      if (this.statesFile === undefined) {
        makeOwnFolder(this.path, dirname(path));
        makeWayFor(path);
        this.statesFile = new OutputFile(path, this.facts.onProblem);
      }
    } catch (error) {
      this.hasStatesProblem = true;
      this.facts.onProblem(explainFileError(path, error));
    }
    this.statesFile?.write(text);
  }

  private flush(): void {
    this.flushLog();
    this.flushClients();
    this.flushStates();
    this.historyWriter.flush();
    this.journal.flush();
  }

  /** Wraps an error of the file system in a UserError; returns a bug of ours unchanged. */
  private explained(error: unknown): unknown {
    return error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined
      ? error
      : cannotStore(this.path, error);
  }

  private link(...links: readonly string[]): void {
    for (const link of links) {
      const problem = replaceLink(link, this.path);
      if (problem !== undefined) this.log(problem);
    }
  }
}

/** Creates a new folder: of two runs that begin in the same millisecond, one is named a millisecond later. */
function makeFolder(options: RunFolderOptions): string {
  const parent = join(resolve(options.store), options.spec.workload);
  try {
    makeFolders(parent);
    for (let time = options.startedAt.getTime(); ; time++) {
      const folder = join(parent, timestampName(new Date(time)));
      try {
        mkdirSync(folder);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw cannotStore(parent, error);
  }
}

function emptyFolder(path: string): string {
  try {
    for (const entry of readdirSync(path)) rmSync(join(path, entry), { recursive: true, force: true });
    return path;
  } catch (error) {
    throw cannotStore(path, error);
  }
}

function cannotStore(path: string, error: unknown): UserError {
  return new UserError(
    `The results cannot be stored: ${explainFileError(path, error)}`,
    'Choose another folder with --store, or MAELSTROM_STORE.',
  );
}
