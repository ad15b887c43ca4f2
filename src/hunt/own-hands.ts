/** Carries out runs of a hunt in this process, one after another. */
import type { JobHands } from './hunt.ts';
import type { Job, JobRunner, Ran } from './job.ts';

export class OwnHands implements JobHands {
  readonly capacity = 1;
  private isClosed = false;

  constructor(private readonly runner: Pick<JobRunner, 'run'>) {}

  async run(job: Job): Promise<Ran | undefined> {
    if (this.isClosed) return undefined;
    const ran = await this.runner.run(job);
    // A run cannot be ended early.
    return this.isClosed ? undefined : ran;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
