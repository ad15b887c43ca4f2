/**
 * The digest of a run: of its history, its journal and its results, to the byte. In the simulated world the same settings
 * and the same seed give the same digest, in any folder, time zone and locale, on any machine. What the harness says with
 * real times (jepsen.log), and what only a reader adds (plots, pages), does not belong to it.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { plainPieces, statPlain } from '../files/plain-file.ts';
import { JOURNAL_FILES } from '../network/journal-format.ts';
import { RUN_FILES } from './layout.ts';

/** By their names below the run's folder. The history in other formats follows from the one in JSON; it may be hundreds of megabytes. */
const DIGESTED_FILES: readonly string[] = [
  RUN_FILES.historyJsonl,
  ...Object.values(JOURNAL_FILES).map((name) => `${RUN_FILES.journal}/${name}`),
  RUN_FILES.clients,
  RUN_FILES.zero,
  RUN_FILES.resultsJson,
  RUN_FILES.resultsEdn,
];

/** Digested where it exists: most nodes do not say their states, and digests of before hold for them. */
const OPTIONAL_FILES: readonly string[] = [RUN_FILES.states];

/** All that is the same to the byte where the digest is. */
export const REPEATED_FILES: readonly string[] = [
  ...DIGESTED_FILES,
  ...OPTIONAL_FILES,
  RUN_FILES.historyEdn,
  RUN_FILES.historyTxt,
];

/** A file of a run: its name, and its bytes, piece by piece. */
export type DigestedFile = readonly [name: string, pieces: Iterable<Uint8Array>];

/** SHA-256 in hex. The files come in their order, and where one ends and the next begins counts. */
export function digestOf(files: Iterable<DigestedFile>): string {
  const whole = createHash('sha256');
  for (const [name, pieces] of files) {
    const file = createHash('sha256');
    for (const piece of pieces) file.update(piece);
    whole.update(`${name} ${file.digest('hex')}\n`);
  }
  return whole.digest('hex');
}

/** Of a run that has been written to its end. */
export function digestOfRun(folder: string): string {
  const there = OPTIONAL_FILES.filter((name) => statPlain(join(folder, name)) !== undefined);
  const names = [...DIGESTED_FILES, ...there];
  return digestOf(names.map((name): DigestedFile => [name, piecesOf(join(folder, name))]));
}

export const digestOfFile = (folder: string, name: string): string =>
  digestOf([[name, piecesOf(join(folder, name))]]);

/** Enough to be told apart by people. */
export const shortDigest = (digest: string): string => digest.slice(0, 16);

/** None of a file that does not exist: `zero.json` of a run that never came to its operations. */
const piecesOf = (path: string): Iterable<Uint8Array> =>
  statPlain(path) === undefined ? [] : plainPieces(path);
