/**
 * Reaches the Redis of campaigns. BullMQ and its client are optional: they are loaded here, when a queue is asked for, and nowhere else.
 * A Redis that goes away later is waited for, forever: what it is for decides when to give up.
 */
import type * as Bull from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { PREFIX } from './keys.ts';
import { readRedisAddress, type RedisAddress } from './redis-address.ts';

/** As both packages take it. */
interface WaitingOptions extends RedisAddress {
  /** Commands wait for a Redis that is started again. */
  readonly maxRetriesPerRequest: null;
  readonly connectTimeout: number;
  readonly retryStrategy: (times: number) => number;
}

export interface QueueConnection {
  readonly bull: typeof Bull;
  readonly redis: Redis;
  /** For what BullMQ opens by itself. */
  readonly base: { readonly connection: WaitingOptions; readonly prefix: string };
  /** The address, without its password. */
  readonly shown: string;
}

const CONNECT_MS = 5000;
const RETRY_MOST_MS = 1000;
const OLDEST_REDIS = 6;

/** Throws a UserError when no Redis answers there, or it may not be used. */
export async function connectQueue(word: string): Promise<QueueConnection> {
  const { address, shown } = readRedisAddress(word);
  const { bull, Redis } = await loadPackages();
  await tryOnce(new Redis({ ...address, ...FIRST_TRY }), shown);
  const connection: WaitingOptions = {
    ...address,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    retryStrategy: (times) => Math.min(times * 100, RETRY_MOST_MS),
  };
  const redis = new Redis(connection);
  // It is tried again.
  redis.on('error', () => {});
  return { bull, redis, base: { connection, prefix: PREFIX }, shown };
}

const FIRST_TRY: RedisOptions = {
  lazyConnect: true,
  connectTimeout: CONNECT_MS,
  commandTimeout: CONNECT_MS,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
};

async function tryOnce(redis: Redis, shown: string): Promise<void> {
  let first = '';
  redis.on('error', ({ message }: Error) => {
    if (first === '') first = message;
  });
  try {
    await redis.connect();
    const [, version] = /^redis_version:(\d+)/m.exec(await redis.info('server')) ?? [];
    if (version === undefined) throw new Error('it does not answer as Redis does');
    if (Number(version) < OLDEST_REDIS)
      throw new Error(`it is Redis ${version}, and ${OLDEST_REDIS} or later is needed`);
  } catch (error) {
    const said = first === '' && error instanceof Error ? error.message : first;
    const why = /^Protocol error/i.test(said) ? 'what answers there is not Redis' : said;
    throw new UserError(
      `The Redis at ${shown} cannot be used: ${shownText(why === '' ? 'nothing answers' : why.replace(/\.+$/, ''), 200)}.`,
      /NOAUTH|WRONGPASS|auth/i.test(why)
        ? 'It asks for a password, or for another one: redis://USER:PASSWORD@HOST:PORT, or redis://:PASSWORD@HOST:PORT where it has no users.'
        : 'Start one, such as redis-server --appendonly yes, or correct the address: redis://HOST:PORT.',
    );
  } finally {
    redis.disconnect();
  }
}

async function loadPackages(): Promise<{
  readonly bull: typeof Bull;
  readonly Redis: (typeof import('ioredis'))['Redis'];
}> {
  try {
    const [bull, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bull, Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UserError(
      'A queue needs the packages bullmq and ioredis, which do not come with Maelstrom and were not found beside it.',
      'Install them where Maelstrom is installed: npm install --ignore-scripts bullmq ioredis',
    );
  }
}
