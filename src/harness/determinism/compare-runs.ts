/** Compares two runs of the same test and the same seed, which should be the same to the byte. */
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { digestOfRun } from '../../store/run-digest.ts';
import { openRun, type StoredRun } from '../../store/open-run.ts';
import { differenceText } from './difference-text.ts';
import { firstDifference, firstLogDifferences } from './first-difference.ts';
import { likelySource, type ComparedRun } from './likely-source.ts';

/** By their folders. Undefined when they are the same; otherwise where they part, side by side, and why they may. */
export function compareRuns(folders: readonly [string, string]): string | undefined {
  const [first, second] = folders.map((folder) => digestOfRun(folder));
  if (first === second) return undefined;
  const runs = [openRun(folders[0]), openRun(folders[1])] as const;
  const difference = firstDifference(...runs);
  // The same entries, written in another way.
  if (difference === undefined) return 'Their files differ, though they say the same.';
  const source = likelySource(difference, {
    runs: [comparedRun(runs[0]), comparedRun(runs[1])],
    logs: firstLogDifferences(...runs),
  });
  return `${differenceText(difference)}\n${source}`;
}

function comparedRun(run: StoredRun): ComparedRun {
  const nodes = run.results()?.['nodes'];
  const problems = isJsonObject(nodes) && Array.isArray(nodes['problems']) ? nodes['problems'] : [];
  return {
    endedByWatchdog: problems
      .filter((problem): problem is JsonObject => isJsonObject(problem) && problem['by-watchdog?'] === true)
      .map(({ node }) => (typeof node === 'string' ? node : '?')),
  };
}
