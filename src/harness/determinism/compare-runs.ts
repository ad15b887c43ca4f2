/** Compares two runs of the same test and the same seed, which should be the same to the byte. */
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { digestOfFile, digestOfRun, DIGESTED_FILES } from '../../store/run-digest.ts';
import { openRun, type StoredRun } from '../../store/open-run.ts';
import { differenceText } from './difference-text.ts';
import { firstDifference, firstLogDifferences } from './first-difference.ts';
import { likelySource, type ComparedRun } from './likely-source.ts';

export interface Comparison {
  /** Where the runs part, side by side, and why they may. */
  readonly text: string;
  /** Whether it is known why. */
  readonly isExplained: boolean;
}

/** By their folders. Undefined when they are the same. */
export function compareRuns(folders: readonly [string, string]): Comparison | undefined {
  const [first, second] = folders.map((folder) => digestOfRun(folder));
  if (first === second) return undefined;
  const runs = [openRun(folders[0]), openRun(folders[1])] as const;
  const difference = firstDifference(...runs);
  if (difference === undefined) return { text: otherFiles(folders), isExplained: true };
  const { text, isCertain } = likelySource(difference, {
    runs: [comparedRun(runs[0]), comparedRun(runs[1])],
    logs: firstLogDifferences(...runs),
  });
  return { text: `${differenceText(difference)}\n${text}`, isExplained: isCertain };
}

/** What neither events nor operations nor results show: a mistake of ours. */
function otherFiles([one, other]: readonly [string, string]): string {
  const names = DIGESTED_FILES.filter((name) => digestOfFile(one, name) !== digestOfFile(other, name));
  return `Their events, operations and results are the same; what differs is in ${names.join(', ')}.`;
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
