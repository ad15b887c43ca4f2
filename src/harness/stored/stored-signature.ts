/** What kind of wrong a stored run is. */
import { evidenceOf } from '../../run/evidence-of.ts';
import { signatureOf, type Signature } from '../../run/signature.ts';
import { resultsReadBack, type TestResults } from '../../run/test-results.ts';
import { openRun } from '../../store/open-run.ts';
import { readClients } from '../../store/run-clients.ts';
import type { Workload } from '../../workloads/workload.ts';
import { loadWorkload } from '../own/load-own.ts';

/** `folder` is the run's. */
export const storedSignature = (workload: Workload, results: TestResults, folder: string): Signature =>
  signatureOf(results, evidenceOf(workload, results, readClients(folder)));

/** As its results say, without making the run again. */
export async function signatureOfRun(folder: string): Promise<Signature> {
  const run = openRun(folder);
  return storedSignature(await loadWorkload(run.test.spec), resultsReadBack(run.results() ?? {}), run.path);
}
