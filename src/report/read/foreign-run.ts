/**
 * A run's folder written by upstream's Maelstrom as the source of a recorded run: operations from history.edn, the
 * verdict from results.edn, nodes from node-logs. Its messages and the options of its test are in JVM formats and are
 * not read.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ednToJson } from '../../edn/edn-value.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { isOwnFolder, lstatIfThere, plainPieces, readPlain, statPlain } from '../../files/plain-file.ts';
import { ClientBook } from '../../history/client-book.ts';
import { HistoryStream } from '../../history/reading/history-stream.ts';
import { opToJsonLine } from '../../history/op-codec.ts';
import type { Op } from '../../history/op.ts';
import { JOURNAL_FILES } from '../../network/journal/journal-format.ts';
import { stringifyJson } from '../../protocol/json.ts';
import { memoryFile } from '../../recording/files/memory-file.ts';
import type { RunFile, RunSource } from '../../recording/run-source.ts';
import { SETTINGS } from '../../run/test-spec.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readTestFile, type TestFile } from '../../store/test-file.ts';

/** Longer histories are not read into memory. */
const MOST_BYTES = 128 << 20;
const MOST_RESULTS = 16 << 20;
const LOG = /^([^/]{1,100})\.log$/;

/** True for a folder of a foreign run: a history or results named as Jepsen names them, without our description. */
export function isForeignRun(folder: string): boolean {
  if (lstatIfThere(join(folder, RUN_FILES.test)) !== undefined) return false;
  return [RUN_FILES.historyEdn, RUN_FILES.resultsEdn].some(
    (name) => statPlain(join(folder, name)) !== undefined,
  );
}

export function foreignRunSource(folder: string): RunSource {
  const missing = (name: string): RunFile => absentFile(join(folder, RUN_FILES.journal, name));
  return {
    test: foreignTest(folder),
    journal: {
      messages: missing(JOURNAL_FILES.messages),
      events: missing(JOURNAL_FILES.events),
      bodies: missing(JOURNAL_FILES.bodies),
      names: missing(JOURNAL_FILES.names),
      causes: missing(JOURNAL_FILES.causes),
      zeroNanos: () => 0,
    },
    history: convertedHistory(join(folder, RUN_FILES.historyEdn)),
    states: missing('states'),
    clients: new ClientBook(),
    refreshClients: () => undefined,
    logMarks: () => [],
    results: () => foreignResults(folder),
  };
}

/** Returns what file names reveal about the test. */
export function foreignTest(folder: string): TestFile {
  const nodes = nodesIn(join(folder, RUN_FILES.nodeLogs));
  const defaults = Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([name, setting]) =>
      'default' in setting ? [[name, setting.default]] : [],
    ),
  );
  const spec = {
    ...defaults,
    workload: basename(dirname(folder)),
    bin: '',
    nodes,
    // By default upstream opens one client per node.
    concurrency: Math.max(1, nodes.length),
    rate: 0,
    timeLimitSeconds: 0,
    seed: '',
    world: 'real',
  };
  const file = { version: 1, startedAt: startOf(folder), seed: '', versions: {}, spec };
  // Read like a file of ours, so that the same checks apply.
  return readTestFile(JSON.stringify(file), join(folder, RUN_FILES.test));
}

/** Parses `20220304T101214.000-0500`, which is in the local time of that machine. */
function startOf(folder: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d{1,3})?)(?:Z|([+-]\d\d):?(\d\d))$/.exec(
    basename(folder),
  );
  const [, year, month, day, hour, minute, second, offset = '+00', rest = '00'] = found ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}:${rest}`);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  return (lstatIfThere(folder)?.mtime ?? new Date(0)).toISOString();
}

function nodesIn(logs: string): readonly string[] {
  try {
    if (!isOwnFolder(logs)) return [];
    return readdirSync(logs)
      .flatMap((name) => LOG.exec(name)?.[1] ?? [])
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

/** Returns the results as JSON; undefined if there are none or they cannot be read. */
export function foreignResults(folder: string): string | undefined {
  try {
    const path = join(folder, RUN_FILES.resultsEdn);
    if ((statPlain(path)?.size ?? Infinity) > MOST_RESULTS) return undefined;
    return stringifyJson(ednToJson(readEdn(readPlain(path))));
  } catch {
    return undefined;
  }
}

/** The history in our format, converted on first read. */
function convertedHistory(path: string): RunFile {
  let made: RunFile | undefined;
  const file = (): RunFile => (made ??= memoryFile(path, convertedLines(path)));
  return {
    path,
    scan: (use) => Promise.resolve().then(() => file().scan(use)),
    look: (use) => file().look(use),
  };
}

/** Passes on the operations of its history. Throws if there is none, or too long a one to be shown. */
export const eachForeignOp = (folder: string, use: (op: Op) => void): void =>
  eachOp(join(folder, RUN_FILES.historyEdn), use);

function convertedLines(path: string): Uint8Array {
  const lines: string[] = [];
  eachOp(path, (op) => void lines.push(`${opToJsonLine(op)}\n`));
  return Buffer.from(lines.join(''));
}

function eachOp(path: string, use: (op: Op) => void): void {
  const size = statPlain(path)?.size;
  if (size === undefined) throw missingFile(path);
  if (size > MOST_BYTES)
    throw new Error(
      `${path} has ${size.toLocaleString('en')} bytes, too many to be shown; maelstrom check judges it.`,
    );
  const stream = new HistoryStream(use, { defaultF: 'txn' });
  for (const piece of plainPieces(path)) stream.push(piece);
  stream.end();
}

function absentFile(path: string): RunFile {
  const fail = (): never => {
    throw missingFile(path);
  };
  return { path, scan: () => Promise.resolve().then(fail), look: fail };
}

const missingFile = (path: string): Error =>
  Object.assign(new Error(`${path} does not exist.`), { code: 'ENOENT' });
