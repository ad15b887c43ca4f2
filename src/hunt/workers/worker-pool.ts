/**
 * The processes of a hunt. A process that dies or hangs is replaced. The run that caused it is repeated as a stored
 * test, in a process that finds the node at fault, and its other runs go to the next process.
 */
import type { HuntPlan } from '../plan/hunt-plan.ts';
import type { JobHands } from '../hunt.ts';
import type { Job, Ran } from '../job.ts';
import { WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  readonly workers: number;
  /** dist/hunt-worker.js. */
  readonly file: string;
  readonly plan: HuntPlan;
  /** In the form that `JobRunner` takes. */
  readonly bin: string;
  /** Carries out a run that has killed or hung its process. */
  readonly careful: (job: Job, plan: HuntPlan) => Promise<Ran | undefined>;
}

/** Runs given out per process, so that a process that finishes one has the next at hand. */
const RUNS_AHEAD = 2;

interface Awaited {
  readonly resolve: (ran: Ran | undefined) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerPool implements JobHands {
  readonly capacity: number;
  private readonly workers: WorkerProcess[] = [];
  private readonly awaited = new Map<number, Awaited>();
  private plan: HuntPlan;
  private isClosed = false;
  private goneCpuMs = 0;

  constructor(private readonly options: PoolOptions) {
    this.plan = options.plan;
    this.capacity = RUNS_AHEAD * options.workers;
    for (let n = 0; n < options.workers; n++) this.start();
  }

  /** CPU time of all processes so far. */
  get cpuMs(): number {
    return this.workers.reduce((sum, { cpuMs }) => sum + cpuMs, this.goneCpuMs);
  }

  /** Makes all later runs follow this plan. */
  follow(plan: HuntPlan): void {
    this.plan = plan;
    for (const worker of this.workers) worker.follow(plan);
  }

  run(job: Job): Promise<Ran | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    const ran = new Promise<Ran | undefined>((resolve, reject) =>
      this.awaited.set(job.number, { resolve, reject }),
    );
    this.give(job);
    return ran;
  }

  close(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    this.isClosed = true;
    for (const worker of this.workers) worker.close();
    for (const { resolve } of this.awaited.values()) resolve(undefined);
    this.awaited.clear();
    return Promise.resolve();
  }

  private start(): void {
    const { file, bin } = this.options;
    const worker = new WorkerProcess(file, this.plan, bin, {
      ran: (job, ran) => this.done(job, ran),
      gone: (left, words) => this.replace(worker, left, words),
      failed: (error) => this.fail(error),
    });
    this.workers.push(worker);
  }

  private give(job: Job): void {
    const [least] = this.workers.toSorted((one, other) => one.load - other.load);
    least?.give(job);
  }

  private done({ number }: Job, ran: Ran | undefined): void {
    this.awaited.get(number)?.resolve(ran);
    this.awaited.delete(number);
  }

  private replace(gone: WorkerProcess, [culprit, ...others]: readonly Job[], words: string): void {
    this.workers.splice(this.workers.indexOf(gone), 1);
    this.goneCpuMs += gone.cpuMs;
    if (this.isClosed) return;
    if (culprit === undefined)
      return this.fail(new Error(`a process of the hunt died without a run: ${words}`));
    this.start();
    for (const job of others) this.give(job);
    this.options.careful(culprit, this.plan).then(
      (ran) => this.done(culprit, ran),
      (error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))),
    );
  }

  private fail(error: Error): void {
    for (const { reject } of this.awaited.values()) reject(error);
    this.awaited.clear();
    void this.close();
  }
}
