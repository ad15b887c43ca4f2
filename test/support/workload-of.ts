/** Returns the workload of a spec by its name. */
import type { TestSpec } from '../../src/run/test-spec.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import type { Workload } from '../../src/workloads/workload.ts';

export function workloadOf({ workload: name }: Pick<TestSpec, 'workload'>): Workload {
  const workload = WORKLOADS.get(name);
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  return workload;
}
