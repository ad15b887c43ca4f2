/**
 * A process of a hunt, seen from its parent. A thread would not do: a node that fills the memory can end the whole
 * process, and one inside a V8 builtin cannot be interrupted. A thread also has a deeper stack and another time zone,
 * so that runs would differ from those of `maelstrom test`.
 */
import { WatchedProcess } from '../../harness/simulations/watched-process.ts';
import type { HuntPlan } from '../plan/hunt-plan.ts';
import type { Job, Ran } from '../job.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface WorkerEvents {
  ran(job: Job, ran: Ran): void;
  /**
   * The process has died, or was ended because it hung. `left` are its remaining runs, the one in progress first;
   * `words` is its output.
   */
  gone(left: readonly Job[], words: string): void;
  /** A bug in Maelstrom. */
  failed(error: Error): void;
}

/** A process that sends nothing for this long during a run counts as hung. */
const PATIENCE_MS = 2000;

export class WorkerProcess {
  private readonly process: WatchedProcess<ToWorker, FromWorker>;
  private readonly jobs: Job[] = [];
  private isReady = false;
  private isClosed = false;
  /** CPU time that it has used, as last reported. */
  cpuMs = 0;

  constructor(
    /** dist/hunt-worker.js. */
    file: string,
    plan: HuntPlan,
    private readonly bin: string,
    private readonly events: WorkerEvents,
  ) {
    this.process = new WatchedProcess(file, PATIENCE_MS, {
      // Loading may take longer.
      isBusy: () => this.isReady && this.jobs.length > 0,
      heard: (message) => this.hear(message),
      failed: (error) => events.failed(error),
      gone: () => {
        if (!this.isClosed) events.gone(this.jobs.splice(0), this.process.words.trim());
      },
    });
    this.follow(plan);
  }

  /** Number of runs given to it that are not done. */
  get load(): number {
    return this.jobs.length;
  }

  /** Makes its later runs follow this plan. */
  follow(plan: HuntPlan): void {
    this.process.send({ kind: 'prepare', plan, bin: this.bin });
  }

  give(job: Job): void {
    this.jobs.push(job);
    this.process.send({ kind: 'run', job });
  }

  close(): void {
    this.isClosed = true;
    this.process.kill();
  }

  private hear(message: FromWorker): void {
    if (message.kind === 'ready') {
      this.isReady = true;
      return;
    }
    this.cpuMs = message.cpuMs;
    const job = this.jobs.shift();
    if (job?.number !== message.number) throw new Error(`run ${message.number} came out of its order`);
    this.events.ran(job, message.ran);
  }
}
