/** What the page of a run says before one looks at its time axis: the verdict in a sentence, its findings, logs and files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accusationsIn } from '../report/accusations.ts';
import type { TestResults } from '../run/analysis.ts';
import { verdictSentence } from '../run/verdict-sentence.ts';
import { RUN_FILES } from '../store/layout.ts';
import type { TestFile } from '../store/test-file.ts';
import { logsOf } from './run-logs.ts';
import type { RunCard, RunPage } from './view-types.ts';

export function runPage(folder: string, test: TestFile, card: RunCard): RunPage {
  const results = readResults(folder);
  return {
    card,
    test,
    ...(results === undefined ? {} : { sentence: sentenceOf(test, results) }),
    findings: accusationsIn(results),
    logs: logsOf(folder),
    files: picturesIn(folder),
  };
}

/** Undefined while there are none, and when they are being written. */
function readResults(folder: string): unknown {
  const path = join(folder, RUN_FILES.resultsJson);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function sentenceOf({ spec }: TestFile, results: unknown): string {
  try {
    // Written by writeResults; what else it might be is caught.
    return verdictSentence(spec, results as TestResults);
  } catch {
    return 'The results are not of the shape that this version knows; see results.json.';
  }
}

function picturesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svg|png|html|edn|txt|json)$/.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
}
