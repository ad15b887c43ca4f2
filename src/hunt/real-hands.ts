/**
 * Runs of a hunt as real clusters, several at once, since they mostly wait. They depend on timing and on the system, so
 * a seed does not reproduce a run; a run that fails is kept in the store as it is.
 */
import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeFolders } from '../files/make-folders.ts';
import { reportRun } from '../harness/one-test/report-run.ts';
import { LINKS } from '../store/layout.ts';
import { replaceLink } from '../store/writing/links.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { HuntPlan } from './plan/hunt-plan.ts';
import { planRun } from './plan/plan-run.ts';
import type { JobHands } from './hunt.ts';
import type { Job, Ran } from './job.ts';
import { runStored } from './stored-outcome.ts';

export interface RealHandsOptions {
  readonly plan: HuntPlan;
  readonly workload: Workload;
  /** Maximum number of clusters that run at once. */
  readonly clusters: number;
  /** The store for runs that fail. */
  readonly store: string;
  /** A separate folder for all other runs, which are removed afterwards. */
  readonly passing: string;
  readonly commandOf: (spec: TestSpec) => string;
}

export class RealHands implements JobHands {
  readonly capacity: number;
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<Ran | undefined>>();

  constructor(private readonly options: RealHandsOptions) {
    this.capacity = options.clusters;
  }

  run(job: Job): Promise<Ran | undefined> {
    if (this.stopping.signal.aborted) return Promise.resolve(undefined);
    const ran = this.carryOut(job);
    this.running.add(ran);
    const forget = (): void => void this.running.delete(ran);
    ran.then(forget, forget);
    return ran;
  }

  /** Ends the runs in progress with all their nodes. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.running);
    rmSync(this.options.passing, { recursive: true, force: true });
  }

  private async carryOut({ seed }: Job): Promise<Ran | undefined> {
    const { plan, workload, passing, commandOf } = this.options;
    const spec = planRun(plan, seed);
    const command = commandOf(spec);
    const ran = await runStored({ spec, workload, store: passing, command }, this.stopping.signal);
    if (ran === undefined) return undefined;
    const { outcome, stored } = ran;
    const { folder, sentence } = stored;
    if (outcome.failure === undefined) {
      rmSync(folder, { recursive: true, force: true });
      return { outcome };
    }
    await reportRun({ folder, sentence, png: true });
    return {
      outcome: { ...outcome, failure: { ...outcome.failure, kept: `${spec.workload}/${basename(folder)}` } },
    };
  }

  /**
   * Moves a failure that counts into the store. Names cannot clash: runs of the same millisecond already have different
   * names.
   */
  counted(_job: Job, { outcome }: Ran): void {
    const { kept } = outcome.failure ?? {};
    if (kept === undefined) return;
    const store = resolve(this.options.store);
    const folder = join(store, kept);
    makeFolders(dirname(folder));
    renameSync(join(this.options.passing, kept), folder);
    for (const link of [join(store, LINKS.latest), join(dirname(folder), LINKS.latest)])
      replaceLink(link, folder);
  }
}
