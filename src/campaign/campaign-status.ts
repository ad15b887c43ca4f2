/** The current campaigns and workers of a Redis, and what can be done to a campaign from elsewhere. */
import type { Queue } from 'bullmq';
import { readCampaign, type Campaign } from './campaign.ts';
import { readProgress, type CampaignProgress } from './campaign-progress.ts';
import type { QueueConnection } from './connect-queue.ts';
import { CAMPAIGNS, huntKey, isId, keysOf, progressKey, queueName, WORKERS } from './keys.ts';
import { orUndefined } from './read-fields.ts';
import { readWorkers, redisNowMs, type WorkerCard } from './worker-card.ts';

export interface CampaignStatus {
  readonly id: string;
  /** Undefined if it cannot be read, because it has another version or is not a campaign. */
  readonly campaign: Campaign | undefined;
  readonly isHunted: boolean;
  readonly isPaused: boolean;
  readonly progress: CampaignProgress | undefined;
}

export interface QueueStatus {
  /** Sorted by age, oldest first. */
  readonly campaigns: readonly CampaignStatus[];
  readonly workers: readonly WorkerCard[];
  /** Milliseconds on Redis's clock. */
  readonly nowMs: number;
}

export async function queueStatus(connection: QueueConnection): Promise<QueueStatus> {
  const { redis } = connection;
  const nowMs = await redisNowMs(redis);
  const { cards } = readWorkers(await redis.hgetall(WORKERS), nowMs);
  const campaigns: CampaignStatus[] = [];
  for (const [id, text] of Object.entries(await redis.hgetall(CAMPAIGNS))) {
    if (!isId(id)) continue;
    campaigns.push({
      id,
      campaign: orUndefined(() => readCampaign(id, text)),
      isHunted: (await redis.exists(huntKey(id))) === 1,
      isPaused: await withQueue(connection, id, (queue) => queue.isPaused()),
      progress: await redis.get(progressKey(id)).then((found) => orUndefined(() => readProgress(found))),
    });
  }
  const begin = ({ campaign }: CampaignStatus): string => campaign?.startedAt ?? '';
  return {
    campaigns: campaigns.toSorted((a, b) => (begin(a) < begin(b) ? -1 : begin(a) > begin(b) ? 1 : 0)),
    workers: cards,
    nowMs,
  };
}

export const pauseCampaign = (connection: QueueConnection, id: string): Promise<void> =>
  withQueue(connection, id, (queue) => queue.pause());

export const resumeCampaign = (connection: QueueConnection, id: string): Promise<void> =>
  withQueue(connection, id, (queue) => queue.resume());

/** Removes what a hunt that is gone has left. Resuming the hunt recreates it. */
export async function removeCampaign(connection: QueueConnection, id: string): Promise<void> {
  const { redis } = connection;
  await withQueue(connection, id, (queue) => queue.obliterate({ force: true }));
  await redis
    .multi()
    .hdel(CAMPAIGNS, id)
    .del(...keysOf(id))
    .exec();
}

async function withQueue<T>(
  { bull, base }: QueueConnection,
  id: string,
  ask: (queue: Queue) => Promise<T>,
): Promise<T> {
  const queue = new bull.Queue(queueName(id), base);
  queue.on('error', () => {});
  try {
    return await ask(queue);
  } finally {
    await queue.close();
  }
}
