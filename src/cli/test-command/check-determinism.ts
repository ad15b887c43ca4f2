/**
 * `--check-determinism`: runs the test a second time from the same seed, in surroundings that differ in what must not
 * matter, and shows where the two runs diverge if they do.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRuns } from '../../harness/determinism/compare-runs.ts';
import { decidingSurrounding } from '../../harness/determinism/deciding-surrounding.ts';
import type { StoredResults } from '../../harness/one-test/running-test.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import type { StoredTestOptions } from '../../harness/one-test/stored-test.ts';
import { SURROUNDINGS, type Surrounding } from '../../harness/simulating-child.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import { shortDigest } from '../../store/run-digest.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Console } from '../show/console.ts';
import { watchTest } from './watch-test.ts';

/** Returns `code`, the exit code of the first run, if the second run is the same. */
export async function checkDeterminism(
  options: StoredTestOptions,
  first: StoredResults,
  code: ExitCode,
  console: Console,
): Promise<ExitCode> {
  const again = (elsewhere: readonly Surrounding[], store: string): Promise<StoredResults | undefined> =>
    watchTest({ ...options, store, elsewhere }, console, { isRepetition: true });
  console.line('Repeating the run with a smaller stack, another locale and another time zone.');
  const second = await again(SURROUNDINGS, options.store);
  if (second === undefined) return EXIT.interrupted;
  if (first.interrupted || second.interrupted) {
    console.line('A run was stopped early, so the two cannot be compared.');
    return code;
  }
  const comparison = compareRuns([first.folder, second.folder]);
  if (comparison === undefined) {
    const same = 'Deterministic: both runs have the same history, messages and results.';
    console.line(console.paint('green', `${same} Digest: ${shortDigest(second.digest ?? '')}`));
    return code;
  }
  console.line(console.paint(['red', 'bold'], 'Not deterministic: two runs with the same seed differ.'));
  console.line(shownLines(comparison.text));
  console.line(`First run: ${shortPath(first.folder)}   Second run: ${shortPath(second.folder)}`);
  if (comparison.isExplained) return EXIT.invalid;
  console.line('Looking for the cause of the difference ...');
  const store = mkdtempSync(join(tmpdir(), 'maelstrom-compare-'));
  try {
    const digest = async (elsewhere: readonly Surrounding[]): Promise<string | undefined> =>
      (await again(elsewhere, store))?.digest;
    console.line(await decidingSurrounding(first.digest ?? '', digest));
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
  return EXIT.invalid;
}
