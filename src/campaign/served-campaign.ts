/**
 * A worker's part in one campaign: takes batches of runs from the queue, and has processes of this machine carry them
 * out.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../files/make-folders.ts';
import type { Worker } from 'bullmq';
import { loadWorkload } from '../harness/own/load-own.ts';
import { nameOf, unpackFile } from '../harness/own/packed-file.ts';
import { withFilesAt } from '../run/own-files.ts';
import { carefulRun } from '../hunt/workers/careful-run.ts';
import type { HuntPlan } from '../hunt/plan/hunt-plan.ts';
import type { Ran } from '../hunt/job.ts';
import { planRun } from '../hunt/plan/plan-run.ts';
import { seedOfRun } from '../hunt/hunt.ts';
import { WorkerPool } from '../hunt/workers/worker-pool.ts';
import { shownText } from '../protocol/shown-text.ts';
import { BATCH_RUNS, readBatch, type Batch, type BatchResult } from './batch.ts';
import { sha256Of, type Campaign } from './campaign.ts';
import { patience } from './campaign-hands.ts';
import type { QueueConnection } from './connect-queue.ts';
import { filesKey, programKey, queueName } from './keys.ts';

export interface ServedCampaignOptions {
  readonly connection: QueueConnection;
  readonly campaign: Campaign;
  readonly id: string;
  readonly processes: number;
  /** dist/hunt-worker.js. */
  readonly file: string;
  /** Folder for the program and the user's files. */
  readonly tempFolder: string;
  readonly onRuns: (runs: number) => void;
  /** Called with the reason why a batch could not be carried out; the batch is given out again. */
  readonly onProblem: (words: string) => void;
}

/** A batch whose worker has been silent for this long is given to another. */
const LOCK_MS = 5000;
const STALLED_EVERY_MS = 1500;
/** Number of workers that may die with a batch before it fails: one death proves nothing about the batch. */
const MOST_STALLS = 50;
/** Runs taken ahead for each process, so that it need not wait for the next. */
const RUNS_AHEAD = 2;

export class ServedCampaign {
  readonly id: string;
  readonly processes: number;
  private readonly worker: Worker<Batch, BatchResult>;
  private readonly stopping = new AbortController();
  private pool: WorkerPool | undefined;
  private saidCpuMs = 0;
  /** Number of batches in hand. */
  private inHand = 0;
  private closing: Promise<void> | undefined;

  /** Opens the campaign. Throws if the program in Redis does not match the campaign's digest, or is missing. */
  static async open(options: ServedCampaignOptions): Promise<ServedCampaign> {
    const { connection, campaign, tempFolder } = options;
    const { id, program } = campaign;
    const content = await connection.redis.getBuffer(programKey(id));
    if (content === null) throw new Error('its program is not in Redis yet');
    if (sha256Of(content) !== program.sha256)
      throw new Error('the program in Redis is not the one that its digest says');
    const folder = join(tempFolder, program.sha256);
    makeFolders(folder);
    const bin = join(folder, program.name);
    writeFileSync(bin, content);
    const plan = await withOwnFilesHere(options);
    const workload = await loadWorkload(plan.base);
    return new ServedCampaign(options, (served) => {
      return new WorkerPool({
        workers: options.processes,
        file: options.file,
        plan,
        bin,
        careful: (job, current) =>
          carefulRun({ ...planRun(current, job.seed), bin }, workload, served.stopping.signal),
      });
    });
  }

  private constructor(
    private readonly options: ServedCampaignOptions,
    private readonly makePool: (served: ServedCampaign) => WorkerPool,
  ) {
    const { connection, campaign, processes } = options;
    this.id = campaign.id;
    this.processes = processes;
    this.worker = new connection.bull.Worker<Batch, BatchResult>(
      queueName(campaign.id),
      ({ data }) => this.carryOut(readBatch(data)),
      {
        ...connection.base,
        concurrency: 1 + Math.ceil((RUNS_AHEAD * processes) / BATCH_RUNS),
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        maxStalledCount: MOST_STALLS,
      },
    );
    // The client reconnects by itself; a batch that was given to another worker meanwhile counts there.
    this.worker.on('error', () => {});
  }

  get batchesInHand(): number {
    return this.inHand;
  }

  /** Completes the batches in hand, then stops. */
  close(): Promise<void> {
    this.closing ??= this.worker.close().then(() => this.pool?.close());
    return this.closing;
  }

  /** Stops at once and leaves the batches in hand to other workers. */
  async abandon(): Promise<void> {
    this.stopping.abort();
    await this.pool?.close();
    await Promise.race([this.worker.close(true).catch(() => {}), patience()]);
  }

  private async carryOut({ from, to, seed }: Batch): Promise<BatchResult> {
    this.inHand++;
    try {
      this.pool ??= this.makePool(this);
      const pool = this.pool;
      const given: Promise<Ran | undefined>[] = [];
      for (let number = from; number <= to; number++)
        given.push(pool.run({ number, seed: seedOfRun(seed, number) }));
      const runs: Ran[] = [];
      for (const ran of await Promise.all(given)) {
        if (ran === undefined) throw new Error('its worker was stopped');
        runs.push(ran);
      }
      this.options.onRuns(runs.length);
      const { cpuMs } = pool;
      const result: BatchResult = {
        version: 1,
        worker: this.options.id,
        cpuMs: Math.max(0, cpuMs - this.saidCpuMs),
        runs,
      };
      this.saidCpuMs = cpuMs;
      return result;
    } catch (error) {
      if (!this.stopping.signal.aborted) {
        // A new pool is made for the next batch.
        this.pool = undefined;
        this.saidCpuMs = 0;
        this.options.onProblem(error instanceof Error ? error.message : String(error));
      }
      throw error;
    } finally {
      this.inHand--;
    }
  }
}

/** Returns the plan with the user's own files unpacked on this machine. */
async function withOwnFilesHere({
  connection,
  campaign,
  tempFolder,
}: ServedCampaignOptions): Promise<HuntPlan> {
  const { id, plan, files } = campaign;
  const places = new Map<string, string>();
  for (const { path, sha256 } of files) {
    const content = await connection.redis.hgetBuffer(filesKey(id), sha256);
    if (content === null) throw new Error(`its file ${shownText(path, 200)} is not in Redis yet`);
    if (sha256Of(content) !== sha256)
      throw new Error(`the file ${shownText(path, 200)} in Redis is not the one that its digest says`);
    places.set(path, unpackFile(join(tempFolder, sha256), nameOf(path), content));
  }
  // readCampaign has checked that all files are sent.
  return { ...plan, base: withFilesAt(plan.base, (path) => places.get(path) ?? path) };
}
