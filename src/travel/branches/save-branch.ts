/** Saves a branch as a run of the store, with a scenario in its folder that reproduces it. */
import { join } from 'node:path';
import { writeBelow } from '../../files/plain-file.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import type { SavedBranch } from '../../recording/travel-view.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import type { BranchScenario } from '../travel.ts';

export interface SaveOptions {
  readonly store: string;
  /** Returns the branch as a scenario for this folder. */
  readonly scenario: (folder: string) => Promise<BranchScenario>;
}

export async function saveBranch({ store, scenario }: SaveOptions): Promise<SavedBranch> {
  const { spec } = await scenario(store);
  const workload = await loadWorkload(spec);
  const test = await openTest({ spec, workload, store });
  const { text } = await scenario(test.folder);
  const finished = await test.run();
  if (finished === undefined) throw new Error('nothing else ends this run');
  const { folder, sentence } = finished;
  writeBelow(folder, RUN_FILES.scenario, text);
  // Its pictures may be written later.
  void reportRun({ folder, sentence, png: false });
  const file = join(folder, RUN_FILES.scenario);
  const run = folder.split('/').slice(-2).join('/');
  return { run, folder, scenario: file, command: `maelstrom test --scenario ${shellWord(file)}` };
}
