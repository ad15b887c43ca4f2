/** What report.html contains about a run: the data of its page, and the packed run. */
import { basename, dirname } from 'node:path';
import { packRun, type PackLimits } from '../../recording/packed/pack-run.ts';
import { runCard, verdictOfResults } from '../../recording/run-card.ts';
import { findingViews, type FindingSources } from '../../recording/finding-view.ts';
import type { RunPage } from '../../recording/views.ts';
import type { RunFacts } from '../read/run-facts.ts';
import { decisiveView } from '../read/stored-decisive.ts';

const LIMITS: PackLimits = { messages: 100_000, operations: 50_000, bytes: 12e6 };

const NOTHING_FOUND: FindingSources = { stories: undefined, findings: [], suspects: [] };

/** Collects the data; `folder` is the run's. */
export function runPageOf(
  folder: string,
  { test, sentence, results, logs }: RunFacts,
  shown: FindingSources = NOTHING_FOUND,
): RunPage {
  const decisive = decisiveView(folder);
  const id = `${basename(dirname(folder))}/${basename(folder)}`;
  return {
    card: runCard(id, test, verdictOfResults(results['valid?'])),
    test,
    sentence,
    suspects: shown.suspects,
    findings: findingViews(shown),
    ...(shown.stories?.note === undefined ? {} : { storyNote: shown.stories.note }),
    ...(decisive === undefined ? {} : { decisive }),
    logs: logs.map(({ name, bytes }) => ({ name, bytes })),
    files: [],
  };
}

export async function packedRun(page: RunPage, facts: RunFacts): Promise<Uint8Array> {
  return (await packRun({ ...facts, page }, LIMITS)).bytes;
}
