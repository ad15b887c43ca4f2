/** What the list of runs says of results: what is wrong in a line, and the figures that people compare. */
import { join } from 'node:path';
import { readPlain, statPlain } from '../../files/plain-file.ts';
import type { ResultFacts } from '../../recording/run-card.ts';
import { foreignResults, isForeignRun } from '../../report/read/foreign-run.ts';
import { readFindings } from '../../report/read/stored-findings.ts';
import { checkLines } from '../../run/words/check-lines.ts';
import { resultsReadBack, type TestResults } from '../../run/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readStories } from '../../story/stored-stories.ts';

/** Results are bounded when they are written; larger ones are not read for a list. */
const LONGEST_RESULTS = 4 << 20;
const LONGEST_FINDING = 200;

/** Undefined where there are none, or none that this version knows. */
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

/** Empty where the results do not tell. */
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
    // They are not of the shape that this version knows.
    return {};
  }
}

/** The title of its story or of what was found; else the figure of the check that is wrong, or how its sentence begins. */
function findingOf(folder: string, spec: TestSpec, results: TestResults): { readonly finding?: string } {
  const [story] = readStories(folder)?.stories ?? [];
  const [found] = story === undefined ? readFindings(folder) : [];
  const told = story?.title ?? found?.title;
  const wrong = checkLines(spec, results).find(({ verdict, figure }) => verdict !== true && figure !== '');
  const finding = told ?? wrong?.figure ?? verdictSentence(spec, results).split('\n')[0] ?? '';
  return finding === '' ? {} : { finding: finding.slice(0, LONGEST_FINDING) };
}

/** Of broadcast and g-set; nothing where no element became stable. */
function stableMsOf(results: TestResults): ResultFacts['stableMs'] {
  const points = new Map(stableLatencies(results));
  const [median, slowest] = [points.get('0.5'), points.get('1')];
  return median === undefined || slowest === undefined ? undefined : { median, slowest };
}

/** Milliseconds until each read had an element, by quantile; none where the workload does not measure it. */
export function stableLatencies({ workload }: TestResults): readonly [string, number][] {
  const points = Object.entries<unknown>(workload ?? {}).find(([name]) => name === 'stable-latencies')?.[1];
  if (typeof points !== 'object' || points === null) return [];
  return Object.entries<unknown>({ ...points })
    .flatMap(([share, value]): [string, number][] => (typeof value === 'number' ? [[share, value]] : []))
    .toSorted(([a], [b]) => Number(a) - Number(b));
}
