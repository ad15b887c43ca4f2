/** Compares two runs of the same test with the same seed, which should be identical to the byte. */
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { digestOfFile, REPEATED_FILES } from '../../store/run-digest.ts';
import { openRun, type StoredRun } from '../../store/open-run.ts';
import { differenceText } from './difference-text.ts';
import { firstDifference, firstLogDifferences } from './first-difference.ts';
import { likelySource, type ComparedRun } from './likely-source.ts';

export interface Comparison {
  /** The first difference, side by side, and its likely reason. */
  readonly text: string;
  /** True if the reason is certain. */
  readonly isExplained: boolean;
}

/** Compares the runs in these folders. Returns undefined if they are identical. */
export function compareRuns(folders: readonly [string, string]): Comparison | undefined {
  const differing = filesThatDiffer(folders);
  if (differing.length === 0) return undefined;
  const runs = [openRun(folders[0]), openRun(folders[1])] as const;
  const difference = firstDifference(...runs);
  if (difference === undefined) return { text: otherFiles(differing), isExplained: true };
  const { text, isCertain } = likelySource(difference, {
    runs: [comparedRun(runs[0]), comparedRun(runs[1])],
    logs: firstLogDifferences(...runs),
  });
  return { text: `${differenceText(difference)}\n${text}`, isExplained: isCertain };
}

const filesThatDiffer = ([one, other]: readonly [string, string]): readonly string[] =>
  REPEATED_FILES.filter((name) => digestOfFile(one, name) !== digestOfFile(other, name));

/** A difference in neither events nor operations nor results is a bug of ours. */
const otherFiles = (names: readonly string[]): string =>
  `Their events, operations and results are the same; they differ in ${names.join(', ')}.`;

function comparedRun(run: StoredRun): ComparedRun {
  const nodes = run.results()?.['nodes'];
  const problems = isJsonObject(nodes) && Array.isArray(nodes['problems']) ? nodes['problems'] : [];
  return {
    endedByWatchdog: problems
      .filter((problem): problem is JsonObject => isJsonObject(problem) && problem['by-watchdog?'] === true)
      .map(({ node }) => (typeof node === 'string' ? node : '?')),
  };
}
