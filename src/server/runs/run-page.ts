/** What the page of a run shows above its time axis: the verdict, its suspects, logs and files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NumberOf } from '../../history/operation-names.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { logFiles } from '../../report/read/log-files.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { decisiveView } from '../../report/read/stored-decisive.ts';
import { storedEvidence } from '../../report/read/stored-evidence.ts';
import { findingViews } from '../../recording/finding-view.ts';
import type { Stories } from '../../recording/story.ts';
import { readFindings } from '../../report/read/stored-findings.ts';
import { suspectsOf, type Suspect } from '../../recording/suspects.ts';
import { resultsReadBack } from '../../run/verdict/test-results.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readClients } from '../../store/run-clients.ts';
import type { TestFile } from '../../store/test-file.ts';
import type { RunCard, RunPage } from '../../recording/views.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

const MOST_FILES = 2000;
const DEEPEST_FOLDER = 2;

export interface RunPageFacts {
  readonly card: RunCard;
  readonly test: TestFile;
  /** The text of results.json. */
  readonly results: string | undefined;
  readonly numberOf: NumberOf;
  readonly stories: () => Stories | undefined;
}

export function runPage(folder: string, facts: RunPageFacts): RunPage {
  const { card, test, results: text } = facts;
  // There are none yet, or they are being written.
  const results: unknown = text === undefined ? undefined : unlessThrows(() => JSON.parse(text));
  const decisive = decisiveView(folder);
  const suspects = results === undefined ? [] : suspectsIn(folder, facts, results);
  const stories = results === undefined ? undefined : facts.stories();
  const findings = results === undefined ? [] : readFindings(folder);
  return {
    card,
    test,
    ...(results === undefined ? {} : { sentence: sentenceOf(folder, facts, results) }),
    suspects,
    findings: findingViews({ stories, findings, suspects }),
    ...(stories?.note === undefined ? {} : { storyNote: stories.note }),
    ...(decisive === undefined ? {} : { decisive }),
    // For a shrunk run, what decided it has been searched for already.
    ...(decisive === undefined && card.verdict === 'invalid' && card.world === 'simulated'
      ? { shrinks: shellWord(shortPath(folder)) }
      : {}),
    logs: logFiles(folder).map(({ name, bytes }) => ({ name, bytes })),
    files: filesOf(folder),
  };
}

function sentenceOf(folder: string, { test: { spec }, numberOf }: RunPageFacts, results: unknown): string {
  try {
    // Any other shape is caught.
    return verdictSentence(spec, resultsReadBack(Object(results)), {
      nodeOf: readClients(folder).nodeOf,
      numberOf,
    });
  } catch {
    return 'The results have a format that this version does not know; see the Results tab.';
  }
}

/** Returns no suspects if the results have a shape that this version does not know, which `sentenceOf` reports. */
function suspectsIn(folder: string, { test, numberOf }: RunPageFacts, read: unknown): readonly Suspect[] {
  try {
    const results = resultsReadBack(Object(read));
    if (results.workload === undefined || results.workload['valid?'] === true) return [];
    return suspectsOf(storedEvidence(folder, { test, results, clients: readClients(folder), numberOf }));
  } catch {
    return [];
  }
}

/** Returns the files that a browser can show, the run's own before those in folders; links are left out. */
function filesOf(folder: string): string[] {
  const found: string[] = [];
  const look = (path: string, depth: number): void => {
    const entries = readdirSync(join(folder, path), { withFileTypes: true }).toSorted((a, b) =>
      a.name.localeCompare(b.name, 'en', { numeric: true }),
    );
    const files = entries.filter(
      (entry) => entry.isFile() && /\.(svg|png|html|edn|txt|json|jsonl|ndjson|log)$/.test(entry.name),
    );
    for (const { name } of files) if (found.length < MOST_FILES) found.push(path + name);
    if (depth === DEEPEST_FOLDER) return;
    for (const entry of entries) {
      if (found.length >= MOST_FILES) return;
      // The nodes' own data is not a result.
      if (entry.isDirectory() && entry.name !== RUN_FILES.nodeData) look(`${path}${entry.name}/`, depth + 1);
    }
  };
  look('', 0);
  return found;
}
