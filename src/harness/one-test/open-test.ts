/** Opens a test whose results are stored. Both the command line and the programmatic API use it. */
import { WORKLOADS } from '../../workloads/index.ts';
import { packageFile } from '../package-folder.ts';
import type { RunningTest } from './running-test.ts';
import type { StoredTestOptions } from './stored-test.ts';

/** Throws a UserError if the spec or the store cannot be used. */
export async function openTest(options: StoredTestOptions): Promise<RunningTest> {
  const { spec, workload, invariants = [] } = options;
  // A workload or an invariant given by the caller is a function or made of functions, which cannot be sent to another
  // process; a workload given by its file is loaded again there.
  const isFound = spec.workloadFile !== undefined || WORKLOADS.get(workload.name) === workload;
  const isKnown = isFound && invariants.length === 0;
  // Each implementation is loaded only when needed.
  if (spec.world === 'simulated' && isKnown && isBuilt) {
    const { RepeatableTest } = await import('./repeatable-test.ts');
    return RepeatableTest.open(options, packageFile('dist/test-child.js'));
  }
  const { StoredTest } = await import('./stored-test.ts');
  return StoredTest.open(options);
}

/** Unit tests run the sources, where the program for another process is not built. */
const isBuilt = !import.meta.url.endsWith('.ts');
