/** Makes the stories of a run in a store. */
import { forEachOp } from '../../report/read/read-run-facts.ts';
import { readDecisive } from '../../report/read/stored-decisive.ts';
import { storedEvidence } from '../../report/read/stored-evidence.ts';
import { wrongBeside, type Evidence } from '../../checkers/evidence.ts';
import type { Op } from '../../history/op.ts';
import { operationNumbers, type NumberOf } from '../../history/operation-names.ts';
import { resultsReadBack, type TestResults } from '../../run/verdict/test-results.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { openRun } from '../../store/open-run.ts';
import { readClients } from '../../store/run-clients.ts';
import { UserError } from '../../protocol/user-error.ts';
import { storedStates } from './stored-states.ts';
import { makeStories } from '../make-story.ts';
import type { StoryRun } from '../story-run.ts';
import type { Story } from '../../recording/story.ts';
import { withDecisive } from '../with-decisive.ts';

export interface StoredRunStories {
  /** The run's folder, with links resolved. */
  readonly path: string;
  /** Empty for a run without findings. */
  readonly stories: readonly Story[];
}

/** False if the results show that the run has no story; reads no history, which may be long. */
export function mayHaveStory(folder: string): boolean {
  const run = openRun(folder);
  const stored = run.storedResults();
  if (stored.kind !== 'read') return true;
  const { path, test } = run;
  const results = resultsReadBack(stored.results);
  const clients = readClients(path);
  return hasFindings(results, storedEvidence(path, { test, results, clients, numberOf: (index) => index }));
}

const hasFindings = (results: TestResults, evidence: Evidence | undefined): boolean =>
  results['valid?'] === false || wrongBeside(evidence).length > 0;

/** Throws a UserError if the folder holds no run with results. */
export function storedStories(folder: string, limits: Pick<StoryRun, 'mostMessages'> = {}): StoredRunStories {
  const run = openRun(folder);
  const stored = run.storedResults();
  if (stored.kind !== 'read')
    throw new UserError(
      `${folder} has no results, so it is not known what its story would end in${stored.kind === 'none' ? '' : `: ${stored.problem}`}.`,
      'A run that was ended before its analysis has none; maelstrom check judges its history.',
    );
  const results = resultsReadBack(stored.results);
  const { path, test } = run;
  const clients = readClients(path);
  const evidenceWith = (numberOf: NumberOf): Evidence | undefined =>
    storedEvidence(path, { test, results, clients, numberOf });
  // Checked before reading the history, which may be long: whether there are findings does not depend on operation numbers.
  if (
    !hasFindings(
      results,
      evidenceWith((index) => index),
    )
  )
    return { path, stories: [] };
  const history: Op[] = [];
  forEachOp(`${path}/${RUN_FILES.historyJsonl}`, (op) => void history.push(op));
  const journal = run.journal();
  try {
    const evidence = evidenceWith(operationNumbers(history).numberOf);
    // The stored journal is read with the history's times.
    const stories = makeStories({
      spec: test.spec,
      history,
      journal,
      zeroNanos: 0,
      clients,
      results,
      evidence,
      ...(usesStates(results, evidence) ? { states: storedStates(path) } : {}),
      ...limits,
    });
    const decisive = readDecisive(path);
    // The decisive moment was computed for the first story.
    return { path, stories: stories.map((story, at) => (at === 0 ? withDecisive(story, decisive) : story)) };
  } finally {
    journal.close();
  }
}

/** Findings about invariants show states; those about answers that are too old show which nodes led. */
const usesStates = (results: TestResults, evidence: Evidence | undefined): boolean =>
  (results.invariants?.failures ?? []).length > 0 ||
  (evidence?.kind === 'keys' && results.workload?.['valid?'] === false);
