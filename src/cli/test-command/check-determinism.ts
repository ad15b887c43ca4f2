/**
 * `--check-determinism`: the same test a second time from the same seed, in surroundings that differ in what must not
 * matter, and where the two runs part if they do.
 */
import { compareRuns } from '../../harness/determinism/compare-runs.ts';
import type { StoredResults } from '../../harness/running-test.ts';
import { shortPath } from '../../harness/short-path.ts';
import type { StoredTestOptions } from '../../harness/stored-test.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import { shortDigest } from '../../store/run-digest.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Console } from '../show/console.ts';
import { watchTest } from './watch-test.ts';

/** `code` is that of the first run, which stands when the second is the same. */
export async function checkDeterminism(
  options: StoredTestOptions,
  first: StoredResults,
  code: ExitCode,
  console: Console,
): Promise<ExitCode> {
  const second = await watchTest({ ...options, elsewhere: true }, console, { isRepetition: true });
  if (second === undefined) return EXIT.interrupted;
  if (first.interrupted || second.interrupted) {
    console.line('A run was ended before its time, so the two cannot be compared.');
    return code;
  }
  const difference = compareRuns([first.folder, second.folder]);
  if (difference === undefined) {
    const digest = shortDigest(first.digest ?? '');
    console.line(
      console.paint(
        'green',
        `Deterministic: both runs have the same history, messages and results. Digest: ${digest}`,
      ),
    );
    return code;
  }
  console.line(console.paint(['red', 'bold'], 'Not deterministic: two runs from the same seed differ.'));
  console.line(shownLines(difference));
  console.line(
    'The second run had a smaller stack, another locale and another time zone, none of which may make a difference.',
  );
  console.line(`First run: ${shortPath(first.folder)}   Second run: ${shortPath(second.folder)}`);
  return EXIT.invalid;
}
