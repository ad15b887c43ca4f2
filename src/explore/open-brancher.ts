/** Opens a brancher: loads the workload, its alphabet and the files named in the spec. */
import { loadParts, loadWorkload } from '../harness/own/load-own.ts';
import { alphabetOf } from './alphabet.ts';
import { Brancher, type BrancherParts, type BranchSettings } from './branch.ts';

export async function openBrancher(
  settings: BranchSettings,
  { onExecution }: Pick<BrancherParts, 'onExecution'> = {},
): Promise<Brancher> {
  const { base } = settings;
  const workload = await loadWorkload(base);
  const alphabet = alphabetOf(workload);
  if (alphabet === undefined)
    throw new Error(`${base.workload} was known before, and what it is explored with`);
  const parts = await loadParts(base);
  return new Brancher({ ...settings, workload, alphabet, parts, onExecution });
}
