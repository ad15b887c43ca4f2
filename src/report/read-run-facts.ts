/** Reads a stored run for its report. What is missing or broken is left out: a report shows what there is. */
import { closeSync, fstatSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFolder, openPlain, statPlain } from '../files/plain-file.ts';
import { HistoryStream, type HistoryStreamOptions } from '../history/history-stream.ts';
import type { Op } from '../history/op.ts';
import type { JournalReader } from '../network/journal.ts';
import { RUN_FILES } from '../store/layout.ts';
import { openRun } from '../store/open-run.ts';
import { readClients } from '../store/run-clients.ts';
import { faultBands } from '../recording/fault-bands.ts';
import { everMembers } from '../recording/members.ts';
import { accusedIndexes } from './findings.ts';
import { OperationCollector, type WholeOperation } from './operation-columns.ts';
import { OperationFinder } from './operation-finder.ts';
import type { NodeLog, RunFacts } from './run-facts.ts';
import { firstEventAt, readMessages, type MessagesOfRun } from './run-messages.ts';
import { MOST_EVENTS } from './space-time.ts';

/** Operations that are kept whole, for tables and timelines. */
const WHOLE_OPERATIONS = 20_000;
const MESSAGE_LIMITS = { messages: 100_000, text: 500, allText: 24e6 };
/** Around a failure: what led to it, and mostly what followed. */
const EVENTS_BEFORE = MOST_EVENTS / 5;
const AROUND_LIMITS = { ...MESSAGE_LIMITS, messages: MOST_EVENTS };
const LOG_BYTES = 64 * 1024;
const MOST_LOGS = 200;
/** Its two lines, when both are short: memory that is set aside and never touched costs nothing. */
const BYTES_AN_OPERATION = 150;
const CHUNK_BYTES = 1 << 20;

export interface ReadOptions {
  readonly folder: string;
  readonly sentence: string;
}

/** Throws a UserError when the folder holds no run. */
export function readRunFacts({ folder, sentence }: ReadOptions): RunFacts {
  const run = openRun(folder);
  const history = join(run.path, RUN_FILES.historyJsonl);
  const collector = new OperationCollector(
    WHOLE_OPERATIONS,
    Math.ceil((statPlain(history)?.size ?? 0) / BYTES_AN_OPERATION),
  );
  const results = run.results() ?? {};
  const finder = new OperationFinder(accusedIndexes(results['workload']));
  const watch = (op: Op): void => {
    collector.observe(op);
    finder.observe(op);
  };
  forEachOp(history, watch, {
    // Values of all others are not parsed: of a long history that is most of the work (bench/after-run.ts).
    wantsValue: (type, process, index) =>
      collector.wantsValue(type, process) || finder.wantsValue(type, process, index),
  });
  const operations = collector.finished();
  return {
    test: run.test,
    sentence,
    results,
    operations,
    accused: finder.found,
    clients: readClients(run.path),
    bands: faultBands(operations.nemesis, run.test.spec.nodes),
    nodes: everMembers(run.test.spec.nodes, operations.nemesis),
    messages: readJournal(() => run.journal()),
    nodeLogs: readLogs(join(run.path, RUN_FILES.nodeLogs)),
  };
}

/** Every operation of a history.jsonl, one after the other. */
export function forEachOp(path: string, take: (op: Op) => void, options?: HistoryStreamOptions): void {
  const stream = new HistoryStream(take, options);
  const fd = openPlain(path);
  try {
    // Not a Buffer, whose `slice` would not copy what the stream holds back.
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let bytes = readSync(fd, chunk); bytes > 0; bytes = readSync(fd, chunk)) {
      stream.push(chunk.subarray(0, bytes));
    }
    stream.end();
  } finally {
    closeSync(fd);
  }
}

function readJournal(open: () => JournalReader): MessagesOfRun {
  try {
    return reading(open, (journal) => readMessages(journal, MESSAGE_LIMITS));
  } catch {
    return { total: 0, totalEvents: 0, eventsBefore: 0, messages: [] };
  }
}

/** As many messages as a picture holds, from some time before that operation on. */
export function readMessagesAround(folder: string, { invocation }: WholeOperation): MessagesOfRun {
  return reading(
    () => openRun(folder).journal(),
    (journal) => {
      // Nearer to the end there are fewer, and more before.
      const latest = Math.max(0, journal.eventCount - MOST_EVENTS);
      const lead = firstEventAt(journal, invocation.time) - EVENTS_BEFORE;
      return readMessages(journal, AROUND_LIMITS, Math.max(0, Math.min(lead, latest)));
    },
  );
}

function reading<T>(open: () => JournalReader, use: (journal: JournalReader) => T): T {
  const journal = open();
  try {
    return use(journal);
  } finally {
    journal.close();
  }
}

function readLogs(folder: string): NodeLog[] {
  if (!isOwnFolder(folder)) return [];
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.log') && statPlain(join(folder, file)) !== undefined,
  );
  return files
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .slice(0, MOST_LOGS)
    .map((file) => ({ node: file.slice(0, -'.log'.length), ...endOfFile(join(folder, file), LOG_BYTES) }));
}

function endOfFile(path: string, most: number): { readonly text: string; readonly bytes: number } {
  const fd = openPlain(path);
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, most));
    const bytes = readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return { text: buffer.toString('utf8', 0, bytes), bytes: size };
  } finally {
    closeSync(fd);
  }
}
