/** What kind of wrong a stored run is. */
import { evidenceOf } from '../run/evidence-of.ts';
import { signatureOf, type Signature } from '../run/signature.ts';
import type { TestResults } from '../run/test-results.ts';
import { readClients } from '../store/run-clients.ts';
import type { Workload } from '../workloads/workload.ts';

/** `folder` is the run's. */
export const storedSignature = (workload: Workload, results: TestResults, folder: string): Signature =>
  signatureOf(results, evidenceOf(workload, results, readClients(folder)));
