/** Opens a test whose results are kept. The command line and the programmatic API both come through here. */
import { WORKLOADS } from '../workloads/index.ts';
import { packageFile } from './package-folder.ts';
import type { RunningTest } from './running-test.ts';
import type { StoredTestOptions } from './stored-test.ts';

/** Throws a UserError when the spec or the store cannot be used. */
export async function openTest(options: StoredTestOptions): Promise<RunningTest> {
  const { spec, workload, invariants = [] } = options;
  // A workload of the caller's own is made of functions, which cannot be handed to another process; invariants are functions, too.
  const isKnown = WORKLOADS.get(workload.name) === workload && invariants.length === 0;
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
