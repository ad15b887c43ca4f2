/**
 * Runs of a hunt on other machines, through a queue in Redis. A batch of runs is given out at least once, and each of its runs counts once: the id
 * of its job is its number, so that one that is there already is not added again, and a result that comes later finds nothing that
 * waits for it. A result stays in Redis until the hunt has written it down: a hunt that is killed and resumed finds it there.
 *
 * What has come is heard as an event, and looked for again every two seconds: a Redis that was killed may have lost the result, the event, or
 * the job.
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
  /** Of the campaign. */
  readonly id: string;
  /** Of the hunt. */
  readonly seed: string;
  /** Of the hunt, in all. */
  readonly mostRuns: number | undefined;
  /** Something that the user should know. */
  readonly onNote: (words: string) => void;
}

interface Waiting extends Batch {
  readonly runs: Promise<readonly Ran[] | undefined>;
  readonly resolve: (runs: readonly Ran[] | undefined) => void;
  readonly reject: (error: Error) => void;
  /** How often what came was no result. */
  refused: number;
  /** How often its workers had to give it up. */
  failed: number;
  /** It is being looked at: heard of and looked for at the same time. */
  isLookedAt: boolean;
}

/** How many runs are given out at once: more than workers have in hand, and little for Redis. */
const RUNS_OUT = 256 * BATCH_RUNS;
const LOOK_AGAIN_MS = 2000;
/** How often a batch is tried until the hunt ends. */
const MOST_TRIES = 5;
/** Events that are kept for a hunt that is away for a moment. */
const EVENTS_KEPT = 500;
const PATIENCE_MS = 3000;

export class CampaignHands implements JobHands {
  readonly capacity = RUNS_OUT;
  readonly queue: Queue<Batch, BatchResult>;
  /** By worker: how many of its runs have come. */
  readonly runsOf = new Map<string, number>();
  /** Results that were none. */
  refused = 0;
  cpuMs = 0;
  private readonly events: QueueEvents;
  private readonly waiting = new Map<number, Waiting>();
  /** Batches whose results are not written down yet. */
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
    // A Redis that is away is waited for.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
    this.events.on('completed', ({ jobId }) => this.hear(jobId));
    this.events.on('failed', ({ jobId }) => this.hear(jobId));
    this.looking = setInterval(() => void this.lookAtAll(), LOOK_AGAIN_MS);
  }

  get isClosed(): boolean {
    return this.closing !== undefined;
  }

  /** Runs that are given out. */
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

  /** The results of runs up to that one are on disk. */
  written(number: number): void {
    for (const batch of this.unwritten) {
      if (lastRunOf(batch) > number) continue;
      this.unwritten.delete(batch);
      // One that stays goes with the campaign.
      this.queue.remove(this.jobIdOf(batch)).catch(() => {});
    }
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** The runs of a batch are asked for in their order, the first of them first. */
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
    // A number alone would be taken for one that BullMQ has given itself.
    return `batch-${batch}`;
  }

  private async give(batch: number, { from, to, seed }: Batch): Promise<void> {
    try {
      await this.queue.add(
        'runs',
        { from, to, seed },
        { jobId: this.jobIdOf(batch), attempts: MOST_TRIES, backoff: { type: 'fixed', delay: 500 } },
      );
      // If it was there already, no event may come: it is found when all are looked at.
    } catch {
      // It is looked for again, and added then.
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
      // Redis is away.
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

  /** Takes its result, where that has come; gives it out again where something else has, or it is lost. */
  private async take(batch: number, waiting: Waiting): Promise<void> {
    const job = await this.queue.getJob(this.jobIdOf(batch));
    // It may have been closed meanwhile.
    if (this.waiting.get(batch) !== waiting) return;
    if (job === undefined) return await this.give(batch, waiting);
    if (job.finishedOn === undefined || job.finishedOn === null) return;
    const given = orUndefined(() => readBatch(job.data));
    if (
      given !== undefined &&
      (given.from > waiting.from || given.to < waiting.to || given.seed !== waiting.seed)
    ) {
      // It was given out when the hunt was to have fewer runs.
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
          `What came back for runs ${waiting.from} to ${waiting.to} is not the result of a worker: it is left out, and they are given out again.`,
        );
      if (waiting.refused >= MOST_TRIES)
        return this.giveUp(batch, waiting, 'what comes back is not the result of a worker');
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
        `Runs ${from} to ${to} could not be carried out by any worker, tried ${counted(MOST_TRIES, 'time')} and more: ${shownText(why, 500)}.`,
        'See what the workers print. The hunt can be resumed, also without --queue.',
      ),
    );
  }

  private async end(): Promise<void> {
    clearInterval(this.looking);
    for (const { resolve } of this.waiting.values()) resolve(undefined);
    this.waiting.clear();
    // A Redis that is away does not keep a hunt from its end.
    const isAway = this.options.connection.redis.status !== 'ready';
    const tidied = isAway ? Promise.resolve() : this.queue.obliterate({ force: true }).catch(() => {});
    await Promise.race([tidied, patience()]);
    await Promise.race([Promise.allSettled([this.queue.close(), this.events.close()]), patience()]);
  }
}

export const patience = (): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, PATIENCE_MS).unref());
