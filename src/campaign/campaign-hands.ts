/**
 * Carries out runs of a hunt on other machines, through a queue in Redis. A batch of runs is given out at least once,
 * and each of its runs counts once: the job id is the batch number, so an existing job is not added again, and a late
 * result finds nothing that waits for it. A result stays in Redis until the hunt has stored it, so a hunt that is
 * killed and resumed finds it there.
 *
 * Results are announced by events, and also polled every two seconds: a Redis that was killed may have lost the result,
 * the event or the job.
 */
import type { Queue, QueueEvents } from 'bullmq';
import type { JobHands } from '../hunt/hunt.ts';
import type { Job, Ran } from '../hunt/job.ts';
import { counted } from '../protocol/count-text.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import {
  BATCH_RUNS,
  batchNumberOf,
  lastRunOf,
  readBatch,
  readBatchResult,
  type Batch,
  type BatchResult,
} from './batch.ts';
import type { QueueConnection } from './connect-queue.ts';
import { queueName } from './keys.ts';
import { orUndefined } from './read-fields.ts';

export interface CampaignHandsOptions {
  readonly connection: QueueConnection;
  readonly id: string;
  readonly seed: string;
  /** Maximum number of runs of the hunt in all. */
  readonly mostRuns: number | undefined;
  /** Called with something that the user should know. */
  readonly onNote: (words: string) => void;
}

interface Waiting extends Batch {
  readonly runs: Promise<readonly Ran[] | undefined>;
  readonly resolve: (runs: readonly Ran[] | undefined) => void;
  readonly reject: (error: Error) => void;
  /** Number of invalid results so far. */
  refused: number;
  /** Number of times that its workers gave it up. */
  failed: number;
  /** True while it is being looked at, since an event and the poll may coincide. */
  isLookedAt: boolean;
}

/** Number of runs given out at once: more than workers have in hand, and few for Redis. */
const RUNS_OUT = 256 * BATCH_RUNS;
const LOOK_AGAIN_MS = 2000;
/** Number of tries for a batch before the hunt fails. */
const MOST_TRIES = 5;
/** Number of events kept for a hunt that is briefly disconnected. */
const EVENTS_KEPT = 500;
const PATIENCE_MS = 3000;

export class CampaignHands implements JobHands {
  readonly capacity = RUNS_OUT;
  readonly queue: Queue<Batch, BatchResult>;
  /** Indexed by worker: the number of its runs that have arrived. */
  readonly runsOf = new Map<string, number>();
  /** Number of invalid results. */
  refused = 0;
  cpuMs = 0;
  private readonly events: QueueEvents;
  private readonly waiting = new Map<number, Waiting>();
  /** Batches whose results are not stored yet. */
  private readonly unwritten = new Set<number>();
  private readonly looking: NodeJS.Timeout;
  private isLooking = false;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: CampaignHandsOptions) {
    const { connection, id } = options;
    const { bull, base } = connection;
    const name = queueName(id);
    this.queue = new bull.Queue<Batch, BatchResult>(name, {
      ...base,
      streams: { events: { maxLen: EVENTS_KEPT } },
    });
    this.events = new bull.QueueEvents(name, base);
    // The client reconnects by itself.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
    this.events.on('completed', ({ jobId }) => this.hear(jobId));
    this.events.on('failed', ({ jobId }) => this.hear(jobId));
    this.looking = setInterval(() => void this.lookAtAll(), LOOK_AGAIN_MS);
  }

  get isClosed(): boolean {
    return this.closing !== undefined;
  }

  /** Number of runs currently given out. */
  get runsOut(): number {
    let sum = 0;
    for (const { from, to } of this.waiting.values()) sum += to - from + 1;
    return sum;
  }

  async run({ number }: Job): Promise<Ran | undefined> {
    if (this.closing !== undefined) return undefined;
    const batch = this.waiting.get(batchNumberOf(number)) ?? this.open(number);
    const runs = await batch.runs;
    return runs?.[number - batch.from];
  }

  /** The results of all runs up to `number` are on disk. */
  written(number: number): void {
    for (const batch of this.unwritten) {
      if (lastRunOf(batch) > number) continue;
      this.unwritten.delete(batch);
      // A job that remains is removed with the campaign.
      this.queue.remove(this.jobIdOf(batch)).catch(() => {});
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** Gives out the batch of run `from`. Runs are requested in order, so this is the first one needed of its batch. */
  private open(from: number): Waiting {
    const { seed, mostRuns = Infinity } = this.options;
    const batch = batchNumberOf(from);
    let resolve: Waiting['resolve'] = () => {};
    let reject: Waiting['reject'] = () => {};
    const runs = new Promise<readonly Ran[] | undefined>((onRuns, onError) => {
      resolve = onRuns;
      reject = onError;
    });
    const to = Math.min(lastRunOf(batch), mostRuns);
    const waiting: Waiting = {
      from,
      to,
      seed,
      runs,
      resolve,
      reject,
      refused: 0,
      failed: 0,
      isLookedAt: false,
    };
    this.waiting.set(batch, waiting);
    void this.give(batch, waiting);
    return waiting;
  }

  private jobIdOf(batch: number): string {
    // BullMQ would take a plain number for an id of its own.
    return `batch-${batch}`;
  }

  private async give(batch: number, { from, to, seed }: Batch): Promise<void> {
    try {
      await this.queue.add(
        'runs',
        { from, to, seed },
        { jobId: this.jobIdOf(batch), attempts: MOST_TRIES, backoff: { type: 'fixed', delay: 500 } },
      );
      // If the job existed already, no event may come; the poll finds it.
    } catch {
      // The poll adds it later.
    }
  }

  private hear(jobId: string): void {
    const batch = Number(/^batch-(\d{1,15})$/.exec(jobId)?.[1]);
    const waiting = this.waiting.get(batch);
    if (waiting !== undefined) this.lookAt(batch, waiting).catch(() => {});
  }

  private async lookAtAll(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await Promise.all([...this.waiting].map(([batch, waiting]) => this.lookAt(batch, waiting)));
    } catch {
      // Redis is unreachable.
    } finally {
      this.isLooking = false;
    }
  }

  private async lookAt(batch: number, waiting: Waiting): Promise<void> {
    if (waiting.isLookedAt) return;
    waiting.isLookedAt = true;
    try {
      await this.take(batch, waiting);
    } finally {
      waiting.isLookedAt = false;
    }
  }

  /**
   * Accepts the result of a batch if it has arrived; gives the batch out again if the result is invalid or the job is
   * lost.
   */
  private async take(batch: number, waiting: Waiting): Promise<void> {
    const job = await this.queue.getJob(this.jobIdOf(batch));
    // The batch may have been completed or closed meanwhile.
    if (this.waiting.get(batch) !== waiting) return;
    if (job === undefined) return await this.give(batch, waiting);
    if (job.finishedOn === undefined || job.finishedOn === null) return;
    const given = orUndefined(() => readBatch(job.data));
    if (
      given !== undefined &&
      (given.from > waiting.from || given.to < waiting.to || given.seed !== waiting.seed)
    ) {
      // It was given out when the hunt had a lower limit of runs.
      return await this.again(batch, waiting);
    }
    if (job.failedReason !== undefined && job.failedReason !== null) {
      waiting.failed++;
      if (waiting.failed > 1) return this.giveUp(batch, waiting, job.failedReason);
      return await this.again(batch, waiting);
    }
    const result =
      given === undefined ? undefined : orUndefined(() => readBatchResult(given, job.returnvalue));
    if (given === undefined || result === undefined) {
      this.refused++;
      waiting.refused++;
      if (waiting.refused === 1)
        this.options.onNote(
          `The result for runs ${waiting.from} to ${waiting.to} is not a valid result of a worker: it is ignored, and the runs are assigned again.`,
        );
      if (waiting.refused >= MOST_TRIES)
        return this.giveUp(batch, waiting, 'their results are not valid results of a worker');
      return await this.again(batch, waiting);
    }
    this.accept(batch, waiting, result, result.runs.slice(waiting.from - given.from));
  }

  private accept(batch: number, waiting: Waiting, result: BatchResult, runs: readonly Ran[]): void {
    this.waiting.delete(batch);
    this.unwritten.add(batch);
    this.cpuMs += result.cpuMs;
    this.runsOf.set(result.worker, (this.runsOf.get(result.worker) ?? 0) + runs.length);
    waiting.resolve(runs);
  }

  private async again(batch: number, waiting: Waiting): Promise<void> {
    await this.queue.remove(this.jobIdOf(batch));
    await this.give(batch, waiting);
  }

  private giveUp(batch: number, waiting: Waiting, why: string): void {
    this.waiting.delete(batch);
    const { from, to } = waiting;
    waiting.reject(
      new UserError(
        `Runs ${from} to ${to} could not be executed by any worker, after ${counted(MOST_TRIES, 'try', 'tries')} or more: ${shownText(why, 500)}.`,
        'Look at the output of the workers. The hunt can be resumed, even without --queue.',
      ),
    );
  }

  private async end(): Promise<void> {
    clearInterval(this.looking);
    for (const { resolve } of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
    // An unreachable Redis must not keep a hunt from ending.
    const isAway = this.options.connection.redis.status !== 'ready';
    const tidied = isAway ? Promise.resolve() : this.queue.obliterate({ force: true }).catch(() => {});
    await Promise.race([tidied, patience()]);
    await Promise.race([Promise.allSettled([this.queue.close(), this.events.close()]), patience()]);
  }
}

export const patience = (): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, PATIENCE_MS).unref());
