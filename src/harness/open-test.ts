/** Opens a test whose results are kept. The command line and the programmatic API both come through here. */
import { WORKLOADS } from '../workloads/index.ts';
import { packageFile } from './package-folder.ts';
import { RepeatableTest } from './repeatable-test.ts';
import type { RunningTest } from './running-test.ts';
import { StoredTest, type StoredTestOptions } from './stored-test.ts';

/** Throws a UserError when the spec or the store cannot be used. */
export async function openTest(options: StoredTestOptions): Promise<RunningTest> {
  const { spec, workload } = options;
  // A workload of the caller's own is made of functions, which cannot be handed to another thread.
  const isKnown = WORKLOADS.get(workload.name) === workload;
  const isRepeatable = spec.world === 'simulated' && isKnown && isBuilt;
  return isRepeatable
    ? RepeatableTest.open(options, packageFile('dist/test-worker.js'))
    : StoredTest.open(options);
}

/** The sources, as unit tests run them, have no program for another thread beside them. */
const isBuilt = !import.meta.url.endsWith('.ts');
