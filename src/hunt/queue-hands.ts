/**
 * Runs of a hunt on other machines, through a queue in Redis. A run is given out at least once and counts once: its number is in the id of its
 * job, so that one that is there already is not added again, and a result that comes twice finds nobody who waits for it.
 *
 * What has come is heard as an event, and looked for again every few seconds: a Redis that was killed may have lost the one or the other.
 */
import { createHash } from 'node:crypto';
import type { Queue, QueueEvents } from 'bullmq';
import type { JobHands } from './hunt.ts';
import type { Job, Ran } from './job.ts';
import {
  CAMPAIGNS,
  QUEUE_NAME,
  type Campaign,
  type QueueConnection,
  type QueuedRun,
} from './queue-connection.ts';

interface Awaited {
  readonly job: Job;
  readonly resolve: (ran: Ran | undefined) => void;
}

/** How many runs are given out at once. */
const RUNS_OUT = 128;
const LOOK_AGAIN_MS = 2000;
/** What nobody has asked for since. */
const KEPT_SECONDS = 24 * 3600;

export class QueueHands implements JobHands {
  readonly capacity = RUNS_OUT;
  private readonly awaited = new Map<string, Awaited>();
  private readonly queue: Queue<QueuedRun, Ran>;
  private readonly events: QueueEvents;
  private readonly announced: Promise<unknown>;
  private readonly looking: NodeJS.Timeout;
  private isLooking = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly connection: QueueConnection,
    /** The same for a hunt that is resumed: what is done already is not done again. */
    private readonly id: string,
    campaign: Campaign,
  ) {
    const { bull, redis, options } = connection;
    this.queue = new bull.Queue<QueuedRun, Ran>(QUEUE_NAME, { connection: options });
    this.events = new bull.QueueEvents(QUEUE_NAME, { connection: options });
    // A Redis that is away is waited for.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
    this.announced = redis.hset(CAMPAIGNS, id, JSON.stringify(campaign));
    this.events.on('completed', ({ jobId }) => this.look(jobId));
    this.events.on('failed', ({ jobId }) => this.look(jobId));
    this.looking = setInterval(() => void this.lookAtAll(), LOOK_AGAIN_MS);
  }

  async run(job: Job): Promise<Ran | undefined> {
    if (this.closing !== undefined) return undefined;
    const id = this.idOf(job);
    const ran = new Promise<Ran | undefined>((resolve) => this.awaited.set(id, { job, resolve }));
    void this.give(id, job);
    return ran;
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private idOf({ number }: Job): string {
    return `${this.id}-${number}`;
  }

  private async give(id: string, { number, seed }: Job): Promise<void> {
    try {
      await this.announced;
      await this.queue.add(
        'run',
        { campaign: this.id, number, seed },
        { jobId: id, removeOnComplete: { age: KEPT_SECONDS } },
      );
      // It may have been done for the hunt that this one resumes: then no event comes, and it is found when all are looked at.
    } catch {
      // It is looked for again, and added then.
    }
  }

  private look(id: string): void {
    const awaited = this.awaited.get(id);
    if (awaited !== undefined) void this.lookAt(id, awaited).catch(() => {});
  }

  private async lookAtAll(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const [id, awaited] of [...this.awaited]) await this.lookAt(id, awaited);
    } catch {
      // Redis is away.
    } finally {
      this.isLooking = false;
    }
  }

  private async lookAt(id: string, { job, resolve }: Awaited): Promise<void> {
    const found = await this.queue.getJob(id);
    if (!this.awaited.has(id)) return;
    if (found === undefined) return await this.give(id, job);
    if (found.finishedOn === undefined) return;
    if (found.failedReason !== undefined || typeof found.returnvalue?.outcome !== 'object') {
      // Its worker could not do it, or ended on the way: another one may.
      await found.remove();
      return await this.give(id, job);
    }
    this.awaited.delete(id);
    resolve(found.returnvalue);
    await found.remove();
  }

  private async end(): Promise<void> {
    clearInterval(this.looking);
    const left = [...this.awaited.keys()];
    for (const { resolve } of this.awaited.values()) resolve(undefined);
    this.awaited.clear();
    const { redis } = this.connection;
    // Those that a worker has in hand cannot be taken from it: it finds no campaign, and lets them go.
    const tidied = redis
      .hdel(CAMPAIGNS, this.id)
      .then(() => Promise.allSettled(left.map((id) => this.queue.remove(id))));
    await Promise.race([tidied.catch(() => {}), later()]);
    await Promise.race([Promise.allSettled([this.queue.close(), this.events.close()]), later()]);
    redis.disconnect();
  }
}

/** A Redis that is away does not keep a hunt from its end. */
const later = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 3000).unref());

export const campaignId = (facts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
