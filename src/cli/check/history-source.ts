/** The source of the history for `maelstrom check`: a run's folder, a file in it, any other file, or standard input. */
import { existsSync, readdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NotPlainFileError, openPlainHandle } from '../../files/plain-file.ts';
import { statGiven } from '../../harness/settings/stat-given.ts';
import { HistoryStream, type HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { unpackedChunks } from './unpacked-chunks.ts';

export interface HistorySource {
  /** The name shown in messages. */
  readonly name: string;
  /** The file that is read, if it is one. */
  readonly path?: string;
  /** The folder of the run that the history belongs to, if any. */
  readonly run?: string | undefined;
  /** A more complete file of the same history, if this one is a text for people. */
  readonly better?: string | undefined;
  /** True if it can be read only once: standard input, or a pipe. */
  readonly once?: boolean;
  /** The bytes in chunks; a chunk is valid only until the next one is requested. */
  chunks(): AsyncIterable<Uint8Array>;
}

const CHUNK = 1 << 20;

/** Calls `take` with each operation. Throws a HistoryError if the source is not a history. */
export async function eachOperation(
  source: HistorySource,
  reading: HistoryStreamOptions,
  take: (op: Op) => void,
): Promise<void> {
  const stream = new HistoryStream(take, reading);
  for await (const chunk of source.chunks()) stream.push(chunk);
  stream.end();
}

/** Throws a UserError if there is no history at the path. */
export function findHistory(path: string, stdin: () => AsyncIterable<Uint8Array>): HistorySource {
  if (path === '-') return { name: 'standard input', once: true, chunks: () => unpackedChunks(stdin()) };
  const stats = statGiven(path);
  if (stats === undefined) {
    throw new UserError(
      `${path} does not exist.`,
      "Give a run's folder (store/latest), a history file, or - for standard input.",
    );
  }
  if (!stats.isDirectory()) {
    const folder = dirname(path);
    const run = holdsRun(folder) && FILES_OF_A_HISTORY.has(basename(path)) ? folder : undefined;
    const better = TEXTS.has(basename(path)) ? fullHistoryIn(folder) : undefined;
    return {
      ...fromFile(path, run, () => open(path)),
      better: better && shortPath(better),
      once: !stats.isFile(),
    };
  }
  const file = fullHistoryIn(path);
  if (file === undefined) {
    throw new UserError(
      `${path} has no history: it contains neither ${RUN_FILES.historyJsonl} nor ${RUN_FILES.historyEdn}.`,
      adviceOn(path),
    );
  }
  return fromFile(file, holdsRun(path) ? path : undefined, () => openPlainHandle(file));
}

function fromFile(file: string, run: string | undefined, openIt: () => Promise<FileHandle>): HistorySource {
  return {
    name: shortPath(file),
    path: file,
    run,
    chunks: () => unpackedChunks(chunksOf(file, openIt)),
  };
}

async function* chunksOf(file: string, openIt: () => Promise<FileHandle>): AsyncIterable<Uint8Array> {
  const handle = await orUnreadable(file, openIt());
  try {
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await orUnreadable(file, handle.read(buffer, 0, CHUNK));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function orUnreadable<Value>(file: string, doing: Promise<Value>): Promise<Value> {
  try {
    return await doing;
  } catch (error) {
    const why =
      error instanceof NotPlainFileError
        ? error.message
        : `${file} cannot be read: ${(error as Error).message}`;
    throw new UserError(`${why}.`);
  }
}

/**
 * True for a file with content: a killed run may leave some history files empty, and nodes may put a folder or a pipe in
 * place of a file.
 */
function hasContent(file: string): boolean {
  const stats = statGiven(file);
  return stats?.isFile() === true && stats.size > 0;
}
const holdsRun = (folder: string): boolean => existsSync(join(folder, RUN_FILES.test));
/** Returns a history file with content, or else an empty one, as of a run whose nodes did not start. */
function fullHistoryIn(folder: string): string | undefined {
  const files = [RUN_FILES.historyJsonl, RUN_FILES.historyEdn].map((name) => join(folder, name));
  return files.find(hasContent) ?? files.find((file) => existsSync(file));
}

/** Says which file of a folder may be meant: a text, or one that is packed. */
function adviceOn(folder: string): string {
  const [other] = readdirSync(folder).filter((name) => TEXTS.has(name) || name.startsWith('history.'));
  return other === undefined
    ? "Give a run's folder, such as store/latest or store/echo/20261121T023456.789Z."
    : `It contains ${other}: give that file, ${shellWord(shortPath(join(folder, other)))}.`;
}

/** Histories as text for people. */
const TEXTS: ReadonlySet<string> = new Set([RUN_FILES.historyTxt, RUN_FILES.log]);
const FILES_OF_A_HISTORY: ReadonlySet<string> = new Set([
  RUN_FILES.historyJsonl,
  RUN_FILES.historyEdn,
  ...TEXTS,
]);
