/** What the list of runs shows of results: what is wrong, in one line, and the figures that people compare. */
import { join } from 'node:path';
import { readPlain, statPlain } from '../../files/plain-file.ts';
import type { ResultFacts } from '../../recording/run-card.ts';
import { foreignResults, isForeignRun } from '../../report/read/foreign-run.ts';
import { readFindings } from '../../report/read/stored-findings.ts';
import { checkLines } from '../../run/words/check-lines.ts';
import { resultsReadBack, type TestResults } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readStories } from '../../story/stored/stored-stories.ts';

/** Results are bounded when they are written; larger files are not read for a list. */
const LONGEST_RESULTS = 4 << 20;
const LONGEST_FINDING = 200;

/** Returns undefined if there are none, or none that this version understands. */
export function readResults(folder: string): TestResults | undefined {
  const isForeign = isForeignRun(folder);
  const path = join(folder, isForeign ? RUN_FILES.resultsEdn : RUN_FILES.resultsJson);
  try {
    if ((statPlain(path)?.size ?? Infinity) > LONGEST_RESULTS) return undefined;
    const text = isForeign ? foreignResults(folder) : readPlain(path);
    return text === undefined ? undefined : resultsReadBack(Object(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

/** Returns no facts if the results contain none. */
export function resultFacts(folder: string, spec: TestSpec): ResultFacts {
  const results = readResults(folder);
  if (results === undefined) return {};
  try {
    const { 'msg-count': between = 0, 'msgs-per-op': perOperation } = results.net?.servers ?? {};
    const stableMs = stableMsOf(results);
    return {
      ...(results['valid?'] === true ? {} : findingOf(folder, spec, results)),
      ...(between > 0 && typeof perOperation === 'number' ? { messagesPerOperation: perOperation } : {}),
      ...(stableMs === undefined ? {} : { stableMs }),
    };
  } catch {
    // The results have a shape that this version does not know.
    return {};
  }
}

/**
 * Returns the title of its story or of its first finding, else the figure of the failed check, else the beginning of
 * the verdict.
 */
function findingOf(folder: string, spec: TestSpec, results: TestResults): { readonly finding?: string } {
  const [story] = readStories(folder)?.stories ?? [];
  const [found] = story === undefined ? readFindings(folder) : [];
  const title = story?.title ?? found?.title;
  const wrong = checkLines(spec, results).find(({ verdict, figure }) => verdict !== true && figure !== '');
  const finding = title ?? wrong?.figure ?? verdictSentence(spec, results).split('\n')[0] ?? '';
  return finding === '' ? {} : { finding: finding.slice(0, LONGEST_FINDING) };
}

/** For broadcast and g-set; undefined if no element became stable. */
function stableMsOf(results: TestResults): ResultFacts['stableMs'] {
  const points = new Map(stableLatencies(results));
  const [median, slowest] = [points.get('0.5'), points.get('1')];
  return median === undefined || slowest === undefined ? undefined : { median, slowest };
}

/** Returns milliseconds until each read had an element, by quantile; empty if the workload does not measure them. */
export function stableLatencies({ workload }: TestResults): readonly [string, number][] {
  const points = Object.entries<unknown>(workload ?? {}).find(([name]) => name === 'stable-latencies')?.[1];
  if (typeof points !== 'object' || points === null) return [];
  return Object.entries<unknown>({ ...points })
    .flatMap(([share, value]): [string, number][] => (typeof value === 'number' ? [[share, value]] : []))
    .toSorted(([a], [b]) => Number(a) - Number(b));
}
