/**
 * The folder of one run, while it is written: `store/<workload>/<timestamp>/`.
 *
 * The history, the journal and the log are on disk at the latest a second after they happened, so that a run that is
 * killed leaves something to analyse. The first file that cannot be written any more is reported through `onProblem`.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CheckResult } from '../checkers/checker.ts';
import { makeOwnFolder, replaceFile, writeBelow } from '../files/plain-file.ts';
import type { OpenedClient } from '../history/client-book.ts';
import { HistoryWriter, type HistorySink } from '../history/history-writer.ts';
import { FileJournal } from '../network/journal-file.ts';
import type { Journal } from '../network/journal.ts';
import { stateLine, type StateChange } from '../protocol/state-change.ts';
import { UserError } from '../protocol/user-error.ts';
import { explainFileError } from './explain-file-error.ts';
import { GuardedJournal } from './guarded-journal.ts';
import { LINKS, RUN_FILES, timestampName } from './layout.ts';
import { replaceLink } from './links.ts';
import { OutputFile, type OnFileProblem } from './output-file.ts';
import { resultsToEdnText, resultsToJson } from './results-text.ts';
import { clientLine } from './run-clients.ts';
import { digestOfRun } from './run-digest.ts';
import { writeZero } from './run-zero.ts';
import { markRunning, unmarkRunning } from './running-mark.ts';
import { writeTestFile, type TestFacts } from './test-file.ts';

const FLUSH_EVERY_MS = 1000;
/** Characters of an operation in the log; the history has it whole. */
const LONGEST_LOGGED = 1000;
const LOG_BATCH = 64 * 1024;
const LONGEST_LOGGED_RESULTS = 64 * 1024;

export interface RunFolderOptions extends TestFacts {
  /** The store's folder; created when missing. */
  readonly store: string;
  /** The folder of a run that is repeated from its beginning, and loses what it holds; a new one when not given. */
  readonly again?: string;
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
  /** Made with the first state. */
  private statesFile: OutputFile | undefined;
  private readonly flushing: NodeJS.Timeout;
  private readonly workload: string;
  private readonly store: string;
  private readonly facts: RunFolderOptions;
  private logText = '';
  private clientsText = '';
  private statesText = '';
  private hasStatesProblem = false;
  private clock = { ms: -1, text: '' };
  private closed = false;

  /** Creates the folder and its files. Throws a UserError that explains why they cannot be made. */
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
      this.journal = new GuardedJournal(new FileJournal(journal), journal, onProblem);
      this.clientsFile = open(RUN_FILES.clients);
      this.files = [jsonl, edn, txt, this.logFile, this.clientsFile];
      mkdirSync(join(this.path, RUN_FILES.nodeLogs));
      // Before the file that makes the folder a run for others.
      markRunning(this.path);
      replaceFile(join(this.path, RUN_FILES.test), writeTestFile(options));
    } catch (error) {
      throw cannotStore(this.path, error);
    }
    this.history = this.historyWriter;
    this.store = resolve(options.store);
    this.link(join(this.store, LINKS.current));
    this.flushing = setInterval(() => this.flush(), FLUSH_EVERY_MS);
    this.flushing.unref();
  }

  /** Its time is on the clock of the journal. */
  clientOpened(client: OpenedClient): void {
    if (this.closed) return;
    this.clientsText += clientLine(client);
    if (this.clientsText.length > LOG_BATCH) this.flushClients();
  }

  /** Its time is on the clock of the journal. */
  stateChanged(change: StateChange): void {
    if (this.closed) return;
    this.statesText += stateLine(change);
    if (this.statesText.length > LOG_BATCH) this.flushStates();
  }

  /** Appends a line to the log, with the time. */
  log(line: string): void {
    if (this.closed) return;
    this.addToLog(line);
    this.flushLog();
  }

  /** The file for a node's stderr, in a folder of ours. */
  nodeLogFile(node: string): string {
    try {
      makeOwnFolder(this.path, join(this.path, RUN_FILES.nodeLogs));
    } catch {
      // The run's folder has gone, which is reported for the files that are open.
    }
    return join(this.path, RUN_FILES.nodeLogs, `${node}.log`);
  }

  /** A node's own folder; made when it is first asked for. */
  nodeDataDir(node: string): string {
    const folder = join(this.path, RUN_FILES.nodeData, node);
    makeOwnFolder(this.path, folder);
    return folder;
  }

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  /** Writes the results in both formats; the run is then the latest that is complete. Throws a UserError when they cannot be written. */
  writeResults(results: CheckResult): void {
    try {
      writeBelow(this.path, RUN_FILES.resultsJson, resultsToJson(results));
      const edn = resultsToEdnText(results, this.workload);
      writeBelow(this.path, RUN_FILES.resultsEdn, edn);
      this.log(
        edn.length > LONGEST_LOGGED_RESULTS
          ? `Results:\n${edn.slice(0, LONGEST_LOGGED_RESULTS)}\n... see ${RUN_FILES.resultsEdn}`
          : `Results:\n${edn.trimEnd()}`,
      );
    } catch (error) {
      throw this.explained(error);
    }
    this.link(join(this.store, LINKS.latest), join(this.store, this.workload, LINKS.latest));
  }

  /** Records what the run is again from the same seed, beside the seed; to be called after `writeResults`. */
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

  /** Writes what is still in buffers and closes the files. Safe to call twice. */
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

  /** Where on the run's clock the times of its history begin. */
  timesBegin(zeroNanos: number): void {
    try {
      writeZero(this.path, zeroNanos);
    } catch (error) {
      this.log(explainFileError(this.file('zero'), error));
    }
  }

  /** A node's log as results name it. */
  nodeLogName(node: string): string {
    return `${RUN_FILES.nodeLogs}/${node}.log`;
  }

  /** Operations are many: they are written with what comes next, or within a second. */
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
      // Nodes run by now, and could have put a link in place of the folder.
      if (this.statesFile === undefined) makeOwnFolder(this.path, dirname(path));
      this.statesFile ??= new OutputFile(path, this.facts.onProblem);
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

  /** A UserError for what the file system has refused; a mistake of ours as it is. */
  private explained(error: unknown): unknown {
    return (error as NodeJS.ErrnoException).code === undefined ? error : cannotStore(this.path, error);
  }

  private link(...links: readonly string[]): void {
    for (const link of links) {
      const problem = replaceLink(link, this.path);
      if (problem !== undefined) this.log(problem);
    }
  }
}

/** Makes a folder that no other run has: of two that begin in the same millisecond, one is named a millisecond later. */
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

/** Not `mkdir` with `recursive`: where nothing can be made, as in /proc, Node's loops forever. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function cannotStore(path: string, error: unknown): UserError {
  return new UserError(
    `The results cannot be stored: ${explainFileError(path, error)}`,
    'Choose another folder with --store, or MAELSTROM_STORE.',
  );
}
