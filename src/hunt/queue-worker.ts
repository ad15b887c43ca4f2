/** Carries out the runs that a queue gives out, on this machine's processors, until it is closed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'bullmq';
import { loadWorkload } from '../harness/load-own.ts';
import { carefulRun } from './careful-run.ts';
import type { Ran } from './job.ts';
import { planRun } from './plan-run.ts';
import {
  CAMPAIGNS,
  digestOfSource,
  QUEUE_NAME,
  type Campaign,
  type QueueConnection,
  type QueuedRun,
} from './queue-connection.ts';
import { WorkerPool } from './worker-pool.ts';

export interface QueueWorkerOptions {
  readonly connection: QueueConnection;
  readonly workers: number;
  /** dist/hunt-worker.js. */
  readonly file: string;
  /** For the programs of campaigns. */
  readonly tempFolder: string;
  /** What kept it from a run: that is given out again. */
  readonly onProblem: (words: string) => void;
  readonly onCampaign: (campaign: Campaign) => void;
}

/** Of a file of any name that others chose; it says what the file is. */
const ENDING = /(?:\.[a-z-]+)+$/;
/** A run whose worker has not been heard of for so long is given to another. */
const LOCK_MS = 4000;
const STALLED_EVERY_MS = 1500;
/** A worker that dies is no reason to give up the run that it had. */
const MOST_STALLS = 1000;

export class QueueWorker {
  private readonly worker: Worker<QueuedRun, Ran>;
  private readonly stopping = new AbortController();
  private pool: { readonly campaign: string; readonly made: Promise<WorkerPool> } | undefined;
  done = 0;

  constructor(private readonly options: QueueWorkerOptions) {
    const { connection, workers } = options;
    this.worker = new connection.bull.Worker<QueuedRun, Ran>(
      QUEUE_NAME,
      async ({ data }) => {
        const pool = await this.poolOf(data.campaign);
        const ran = await pool.run({ number: data.number, seed: data.seed }).catch((error: unknown) => {
          // It is made anew for the next run.
          this.pool = undefined;
          options.onProblem(error instanceof Error ? error.message : String(error));
          throw error;
        });
        if (ran === undefined) throw new Error('the worker was closed');
        this.done++;
        return ran;
      },
      {
        connection: connection.options,
        concurrency: 2 * workers,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: MOST_STALLS,
      },
    );
    // A Redis that is away is waited for.
    this.worker.on('error', () => {});
  }

  /** Runs in progress are given out again. */
  async close(): Promise<void> {
    this.stopping.abort();
    const pool = await this.pool?.made.catch(() => undefined);
    await pool?.close();
    const late = new Promise<void>((resolve) => void setTimeout(resolve, 3000).unref());
    await Promise.race([this.worker.close(), late]);
    this.options.connection.redis.disconnect();
  }

  /** One campaign at a time has the processors. */
  private poolOf(campaign: string): Promise<WorkerPool> {
    if (this.pool?.campaign !== campaign) {
      void this.pool?.made.then((pool) => pool.close()).catch(() => {});
      const made = this.prepare(campaign);
      this.pool = { campaign, made };
      made.catch(() => (this.pool = undefined));
    }
    return this.pool.made;
  }

  private async prepare(id: string): Promise<WorkerPool> {
    const { connection, tempFolder, file, workers, onCampaign } = this.options;
    const text = await connection.redis.hget(CAMPAIGNS, id);
    if (text === null) throw new Error('its campaign is over');
    const campaign = JSON.parse(text) as Campaign; // written by a hunt of this version
    const { plan, source, args, digest } = campaign;
    if (digestOfSource(source) !== digest) throw new Error('the program did not arrive as it was sent');
    const folder = join(tempFolder, digest);
    mkdirSync(folder, { recursive: true });
    const bin = join(folder, `program${ENDING.exec(campaign.name)?.[0] ?? ''}`);
    writeFileSync(bin, source);
    const workload = await loadWorkload(plan.base);
    onCampaign(campaign);
    return new WorkerPool({
      workers,
      file,
      plan,
      program: { bin, args },
      careful: (job, current) =>
        carefulRun({ ...planRun(current, job.seed), bin, args }, workload, this.stopping.signal),
    });
  }
}
