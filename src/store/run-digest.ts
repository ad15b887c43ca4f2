/**
 * The digest of a run's history, journal and results, byte by byte. In the simulated world the same settings and the
 * same seed give the same digest, in any folder, time zone and locale, on any machine. Files with real times
 * (jepsen.log) and those for readers only (plots, pages) are not included.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { plainPieces, statPlain } from '../files/plain-file.ts';
import { JOURNAL_FILES } from '../network/journal/journal-format.ts';
import { RUN_FILES } from './layout.ts';

/**
 * Names below the run's folder. The history's other formats follow from the JSON, and may be hundreds of megabytes, so
 * they are left out.
 */
const DIGESTED_FILES: readonly string[] = [
  RUN_FILES.historyJsonl,
  ...Object.values(JOURNAL_FILES).map((name) => `${RUN_FILES.journal}/${name}`),
  RUN_FILES.clients,
  RUN_FILES.zero,
  RUN_FILES.resultsJson,
  RUN_FILES.resultsEdn,
];

/** Digested if they exist: most nodes report no states, and their runs keep the digests of earlier versions. */
const OPTIONAL_FILES: readonly string[] = [RUN_FILES.states];

/** All files that are identical if the digest is. */
export const REPEATED_FILES: readonly string[] = [
  ...DIGESTED_FILES,
  ...OPTIONAL_FILES,
  RUN_FILES.historyEdn,
  RUN_FILES.historyTxt,
];

/** A file of a run: its name, and its bytes in pieces. */
export type DigestedFile = readonly [name: string, pieces: Iterable<Uint8Array>];

/** Returns the SHA-256 in hex. The order of the files and the boundaries between them count. */
export function digestOf(files: Iterable<DigestedFile>): string {
  const whole = createHash('sha256');
  for (const [name, pieces] of files) {
    const file = createHash('sha256');
    for (const piece of pieces) file.update(piece);
    whole.update(`${name} ${file.digest('hex')}\n`);
  }
  return whole.digest('hex');
}

/** Returns the digest of a completely written run. */
export function digestOfRun(folder: string): string {
  const there = OPTIONAL_FILES.filter((name) => statPlain(join(folder, name)) !== undefined);
  const names = [...DIGESTED_FILES, ...there];
  return digestOf(names.map((name): DigestedFile => [name, piecesOf(join(folder, name))]));
}

export const digestOfFile = (folder: string, name: string): string =>
  digestOf([[name, piecesOf(join(folder, name))]]);

/** A prefix long enough for people to tell digests apart. */
export const shortDigest = (digest: string): string => digest.slice(0, 16);

/** Returns no pieces for a missing file, such as `zero.json` of a run that never reached its operations. */
const piecesOf = (path: string): Iterable<Uint8Array> =>
  statPlain(path) === undefined ? [] : plainPieces(path);
