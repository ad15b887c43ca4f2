/**
 * A process of a hunt as its parent sees it. A thread would not do: a node that fills the memory can end the whole process, one
 * inside a call of V8's own cannot be ended, and in a thread the stack is deeper and the time zone another, so that a run would not be
 * what `maelstrom test` makes of it.
 */
import { WatchedProcess } from '../harness/simulations/watched-process.ts';
import type { HuntPlan } from './hunt-plan.ts';
import type { Job, Ran } from './job.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface WorkerEvents {
  ran(job: Job, ran: Ran): void;
  /** It has died, or was ended because it stood still. `left` are the runs that it still had, the one in progress first; `words` what it printed. */
  gone(left: readonly Job[], words: string): void;
  /** A mistake of ours. */
  failed(error: Error): void;
}

/** A process that has not said a word for this long, during a run, stands still. */
const PATIENCE_MS = 2000;

export class WorkerProcess {
  private readonly process: WatchedProcess<ToWorker, FromWorker>;
  private readonly jobs: Job[] = [];
  private isReady = false;
  private isClosed = false;
  /** Processor time that it has used, as it last said. */
  cpuMs = 0;

  constructor(
    /** dist/hunt-worker.js. */
    file: string,
    plan: HuntPlan,
    private readonly bin: string,
    private readonly events: WorkerEvents,
  ) {
    this.process = new WatchedProcess(file, PATIENCE_MS, {
      // One that is loading is waited for.
      isBusy: () => this.isReady && this.jobs.length > 0,
      heard: (message) => this.hear(message),
      failed: (error) => events.failed(error),
      gone: () => {
        if (!this.isClosed) events.gone(this.jobs.splice(0), this.process.words.trim());
      },
    });
    this.follow(plan);
  }

  /** Runs that it has been given and that are not done. */
  get load(): number {
    return this.jobs.length;
  }

  /** Its runs from now on are of that plan. */
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
