/** The signature of a stored run's failure. */
import { evidenceOf } from '../../run/verdict/evidence-of.ts';
import { signatureOf, type Signature } from '../../run/verdict/signature.ts';
import { resultsReadBack, type TestResults } from '../../run/verdict/test-results.ts';
import { openRun } from '../../store/open-run.ts';
import { readClients } from '../../store/run-clients.ts';
import type { Workload } from '../../workloads/workload.ts';
import { loadWorkload } from '../own/load-own.ts';

/** Returns the signature; `folder` is the run's. */
export const storedSignature = (workload: Workload, results: TestResults, folder: string): Signature =>
  signatureOf(results, evidenceOf(workload, results, readClients(folder)));

/** Returns the signature by the stored results, without repeating the run. */
export async function signatureOfRun(folder: string): Promise<Signature> {
  const run = openRun(folder);
  return storedSignature(await loadWorkload(run.test.spec), resultsReadBack(run.results() ?? {}), run.path);
}
