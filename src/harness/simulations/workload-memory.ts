/** Caches workloads for many runs in one process, so that each file is loaded once. */
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { loadWorkload } from '../own/load-own.ts';

export class WorkloadMemory {
  private readonly loaded = new Map<string, Promise<Workload>>();

  of(spec: Pick<TestSpec, 'workload' | 'workloadFile'>): Promise<Workload> {
    const key = JSON.stringify([spec.workload, spec.workloadFile]);
    const workload = this.loaded.get(key) ?? loadWorkload(spec);
    this.loaded.set(key, workload);
    return workload;
  }
}
