/** Makes ready what branches need: their workload and its alphabet by name, the user's invariants by their files. */
import { loadInvariants } from '../harness/load-invariants.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { alphabetOf } from './alphabet.ts';
import { Brancher, type BrancherParts, type BranchSettings } from './branch.ts';

export async function openBrancher(
  settings: BranchSettings,
  { onExecution }: Pick<BrancherParts, 'onExecution'> = {},
): Promise<Brancher> {
  const { base } = settings;
  const workload = WORKLOADS.get(base.workload);
  const alphabet = alphabetOf(base.workload);
  if (workload === undefined || alphabet === undefined)
    throw new Error(`${base.workload} was known before, and what it is explored with`);
  const invariants = await loadInvariants(base);
  return new Brancher({ ...settings, workload, alphabet, invariants, onExecution });
}
