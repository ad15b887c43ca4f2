/**
 * The Redis of a campaign: its address, and what is called how in it. BullMQ and its client are optional: loaded only here, when a queue
 * is asked for.
 *
 *     maelstrom-runs-<kind>        the queue of runs; a kind is a version of Maelstrom and of V8: both decide what a run is
 *     maelstrom:campaigns:<kind>   by the id of a campaign, what its runs are made of: plan and compiled program
 */
import { createHash } from 'node:crypto';
import type * as Bull from 'bullmq';
import type { Redis } from 'ioredis';
import { VERSION } from '../harness/version.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { HuntPlan } from './hunt-plan.ts';

/** As both packages take it. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: Record<string, never>;
  readonly maxRetriesPerRequest: null;
}

export interface QueueConnection {
  readonly bull: typeof Bull;
  readonly redis: Redis;
  readonly options: QueueAddress;
  /** Without its password. */
  readonly shown: string;
}

/** What machines that share no files need to carry out the runs of a campaign. */
export interface Campaign {
  readonly plan: HuntPlan;
  readonly args: readonly string[];
  /** Of the file of the compiled program. */
  readonly name: string;
  /** The compiled program, and its digest. */
  readonly source: string;
  readonly digest: string;
}

/** What is given out; its run's number is in its id. */
export interface QueuedRun {
  readonly campaign: string;
  readonly number: number;
  readonly seed: string;
}

export const RUN_KIND = `${VERSION}-v8-${process.versions.v8}`;
export const QUEUE_NAME = `maelstrom-runs-${RUN_KIND}`;
export const CAMPAIGNS = `maelstrom:campaigns:${RUN_KIND}`;
const ALL_CAMPAIGNS = 'maelstrom:campaigns:*';
const CONNECT_MS = 5000;

export const digestOfSource = (source: string): string => createHash('sha256').update(source).digest('hex');

/** Throws a UserError where it is no address of a Redis. */
export function readQueueUrl(word: string): { readonly options: QueueAddress; readonly shown: string } {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  const db = url?.pathname.replace(/^\//, '') ?? '';
  if (
    url === undefined ||
    !['redis:', 'rediss:'].includes(url.protocol) ||
    url.hostname === '' ||
    !/^\d*$/.test(db)
  ) {
    throw new UserError(
      `The queue's address ${shownText(withoutPassword(word), 200)} is not that of a Redis.`,
      'It is written redis://HOST:PORT, such as redis://127.0.0.1:6379; or rediss:// with TLS, and redis://USER:PASSWORD@HOST:PORT/DB.',
    );
  }
  const port = url.port === '' ? 6379 : Number(url.port);
  return {
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      ...(url.username === '' ? {} : { username: decoded(url.username) }),
      ...(url.password === '' ? {} : { password: decoded(url.password) }),
      ...(db === '' ? {} : { db: Number(db) }),
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
      // A Redis that is started again is waited for.
      maxRetriesPerRequest: null,
    },
    shown: `${url.protocol}//${url.hostname}:${port}${db === '' ? '' : `/${db}`}`,
  };
}

/** All before the last @ may be one. */
const withoutPassword = (word: string): string => word.replace(/^([a-z]*:\/\/)?.*@/i, '$1...@');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Throws a UserError when nothing answers there. */
export async function connectQueue(word: string): Promise<QueueConnection> {
  const { options, shown } = readQueueUrl(word);
  const { bull, Redis } = await loadPackages();
  const first = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
  });
  let why = '';
  first.on('error', (error: Error) => (why = error.message));
  try {
    await first.connect();
    await first.ping();
  } catch (error) {
    throw new UserError(
      `The Redis at ${shown} cannot be used: ${shownText(why === '' ? (error as Error).message : why, 200)}.`,
      'Start one, such as redis-server --appendonly yes, or correct the address: redis://USER:PASSWORD@HOST:PORT.',
    );
  } finally {
    first.disconnect();
  }
  const redis = new Redis(options);
  // It is tried again.
  redis.on('error', () => {});
  return { bull, redis, options, shown };
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
      'A queue of runs needs the packages bullmq and ioredis, which are not installed with Maelstrom.',
      'Install them beside it: npm install bullmq ioredis',
    );
  }
}

/** Throws a UserError when all that is to be done there is for other versions than ours. */
export async function refuseOtherKinds({ redis, shown }: QueueConnection): Promise<void> {
  const kinds = await redis.keys(ALL_CAMPAIGNS);
  if (kinds.length === 0 || kinds.includes(CAMPAIGNS)) return;
  const others = kinds.map((key) => key.slice(ALL_CAMPAIGNS.length - 1)).join(', ');
  throw new UserError(
    `The campaigns at ${shown} are of another version of Maelstrom or of Node's engine: ${shownText(others, 200)}; this is ${RUN_KIND}.`,
    'The same seed may give another run there: install the same Maelstrom and the same Node on all machines.',
  );
}
