/** Opens a test whose results are kept. The command line and the programmatic API both come through here. */
import { WORKLOADS } from '../../workloads/index.ts';
import { packageFile } from '../package-folder.ts';
import type { RunningTest } from './running-test.ts';
import type { StoredTestOptions } from './stored-test.ts';

/** Throws a UserError when the spec or the store cannot be used. */
export async function openTest(options: StoredTestOptions): Promise<RunningTest> {
  const { spec, workload, invariants = [] } = options;
  // A workload that the caller gives is made of functions, which cannot be handed to another process, as invariants are; one that
  // is given by its file is loaded there again.
  const isFound = spec.workloadFile !== undefined || WORKLOADS.get(workload.name) === workload;
  const isKnown = isFound && invariants.length === 0;
  // Each is loaded only when needed.
  if (spec.world === 'simulated' && isKnown && isBuilt) {
    const { RepeatableTest } = await import('./repeatable-test.ts');
    return RepeatableTest.open(options, packageFile('dist/test-child.js'));
  }
  const { StoredTest } = await import('./stored-test.ts');
  return StoredTest.open(options);
}

/** The sources, as unit tests run them, have no program for another process beside them. */
const isBuilt = !import.meta.url.endsWith('.ts');
