/** Reads a stored run for its report. Missing or broken parts are left out, and the report shows the rest. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { openPlain } from '../../files/plain-file.ts';
import { HistoryStream } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import { faultBands } from '../../recording/fault-bands.ts';
import { everMembers } from '../../recording/members.ts';
import { MessageColumns } from '../../recording/messages/message-columns.ts';
import { RunOperations } from '../../recording/operations/operation-columns.ts';
import type { PackedLog } from '../../recording/packed/packed-run.ts';
import type { JournalSource } from '../../recording/run-source.ts';
import { openRun } from '../../store/open-run.ts';
import type { RunFacts } from './run-facts.ts';
import { logFiles } from './log-files.ts';
import { storedRunSource } from './stored-run-source.ts';

/** For messages.svg and report.html. */
const MOST_MESSAGES = 100_000;
const LOG_BYTES = 64 * 1024;
const MOST_LOGS = 200;
/** For all logs together. */
const ALL_LOG_BYTES = 2_000_000;
const CHUNK_BYTES = 1 << 20;

export interface ReadOptions {
  readonly folder: string;
  readonly sentence: string;
}

/** Throws a UserError if the folder contains no run. */
export async function readRunFacts({ folder, sentence }: ReadOptions): Promise<RunFacts> {
  const run = openRun(folder);
  const source = storedRunSource(run.path);
  const { nodes } = run.test.spec;
  const history = new RunOperations(source.history);
  await history.refresh();
  source.refreshClients();
  return {
    source,
    test: run.test,
    sentence,
    results: run.results() ?? {},
    history,
    journal: await firstMessages(source.journal, MOST_MESSAGES),
    bands: faultBands(history.nemesis, nodes),
    clients: source.clients,
    nodes: everMembers(nodes, history.nemesis),
    logs: readLogs(run.path),
  };
}

/** Returns the first messages of a journal; empty if it cannot be read. */
async function firstMessages(source: JournalSource, most: number): Promise<MessageColumns> {
  const journal = new MessageColumns(source, most);
  try {
    await journal.refresh();
    return journal;
  } catch {
    return new MessageColumns(source, 0);
  }
}

/** Calls back with every operation of a history.jsonl in order. */
export function forEachOp(path: string, take: (op: Op) => void): void {
  const stream = new HistoryStream(take);
  const fd = openPlain(path);
  try {
    // Not a Buffer, whose `slice` would not copy the bytes that the stream holds back.
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let bytes = readSync(fd, chunk); bytes > 0; bytes = readSync(fd, chunk)) {
      stream.push(chunk.subarray(0, bytes));
    }
    stream.end();
  } finally {
    closeSync(fd);
  }
}

function readLogs(folder: string): PackedLog[] {
  const logs = logFiles(folder).slice(0, MOST_LOGS);
  const each = Math.min(LOG_BYTES, Math.floor(ALL_LOG_BYTES / Math.max(1, logs.length)));
  return logs.map(({ name, path }) => ({ name, ...endOfFile(path, each) }));
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
