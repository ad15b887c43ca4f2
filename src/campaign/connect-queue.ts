/**
 * Connects to the Redis of campaigns. BullMQ and its client are optional, so they are loaded here only, when a queue is
 * needed. When Redis becomes unreachable later, the client reconnects forever; its users decide when to give up.
 */
import type * as Bull from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { PREFIX } from './keys.ts';
import { hideQueuePassword, PASSWORD_VARIABLE } from './queue-password.ts';
import { readRedisAddress, type RedisAddress } from './redis-address.ts';

/** In the form that both packages take. */
interface WaitingOptions extends RedisAddress {
  /** BullMQ would check the version and settings as well and print warnings of its own; `tryOnce` has checked them. */
  readonly skipVersionCheck: true;
  /** Commands wait for Redis to be restarted. */
  readonly maxRetriesPerRequest: null;
  readonly connectTimeout: number;
  readonly retryStrategy: (times: number) => number;
}

export interface QueueConnection {
  readonly bull: typeof Bull;
  readonly redis: Redis;
  /** For the connections that BullMQ opens by itself. */
  readonly base: { readonly connection: WaitingOptions; readonly prefix: string };
  /** The address, without its password. */
  readonly shown: string;
  /** What the user should know about it; empty if nothing. */
  readonly warning: string;
}

const CONNECT_MS = 5000;
const RETRY_MOST_MS = 1000;
const OLDEST_REDIS = 6;

/** Connects to the queue. Throws a UserError when no Redis answers there or it cannot be used. */
export async function connectQueue(word: string): Promise<QueueConnection> {
  hideQueuePassword(word);
  const { address: written, shown } = readRedisAddress(word);
  const ofEnvironment = process.env[PASSWORD_VARIABLE] ?? '';
  const address =
    ofEnvironment === '' || written.password !== undefined
      ? written
      : { ...written, password: ofEnvironment };
  const { bull, Redis } = await loadPackages();
  const warning = await tryOnce(new Redis({ ...address, ...FIRST_TRY }), address, shown);
  const connection: WaitingOptions = {
    ...address,
    skipVersionCheck: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    retryStrategy: (times) => Math.min(times * 100, RETRY_MOST_MS),
  };
  const redis = new Redis(connection);
  // The client reconnects by itself.
  redis.on('error', () => {});
  return { bull, redis, base: { connection, prefix: PREFIX }, shown, warning };
}

const FIRST_TRY: RedisOptions = {
  lazyConnect: true,
  connectTimeout: CONNECT_MS,
  commandTimeout: CONNECT_MS,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
};

/** Returns a warning for the user, or ''. Throws a UserError if this Redis cannot hold campaigns. */
async function tryOnce(redis: Redis, { db = 0, tls }: RedisAddress, shown: string): Promise<string> {
  const usesTls = tls !== undefined;
  let first = '';
  redis.on('error', (error: Error) => {
    if (first === '') first = textOf(error);
  });
  try {
    await redis.connect();
    // The client silently stays in another database if this one does not exist.
    await redis.select(db);
    const facts = await redis.info();
    const fact = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(facts)?.[1] ?? '';
    const version = Number.parseInt(fact('redis_version'), 10);
    if (Number.isNaN(version)) throw new Error('the server there is not Redis');
    if (version < OLDEST_REDIS)
      throw new Error(`it is Redis ${version}, and ${OLDEST_REDIS} or later is needed`);
    if (fact('role') === 'slave')
      throw new Error(
        `it is a read-only replica of ${fact('master_host')}:${fact('master_port')}: use that address`,
      );
    if (fact('cluster_enabled') === '1')
      throw new Error('it is a node of a Redis Cluster, and a campaign needs a standalone Redis');
    await redis.set(PROBE, '', 'PX', 1000);
    const evicts = fact('maxmemory_policy');
    return fact('maxmemory') === '0' || evicts === 'noeviction' || evicts === ''
      ? ''
      : `The Redis at ${shown} drops keys when its memory is full (maxmemory-policy ${shownText(evicts, 40)}). Dropped parts of a hunt are assigned again, ` +
          'which takes time: CONFIG SET maxmemory-policy noeviction prevents that.';
  } catch (error) {
    const said = first === '' && error instanceof Error ? error.message : first;
    const { why = said === '' ? 'nothing answers' : said.replace(/\.+$/, ''), hint = START } =
      TROUBLES.find(({ pattern, isTls }) => pattern.test(said) && (isTls ?? usesTls) === usesTls) ?? {};
    throw new UserError(`The Redis at ${shown} cannot be used: ${shownText(why, 200)}.`, hint);
  } finally {
    redis.disconnect();
  }
}

/** A host with several addresses, as localhost often is, fails with an error for each, and no message of its own. */
const textOf = (error: Error): string =>
  error.message === '' && error instanceof AggregateError
    ? error.errors.map((each: Error) => each.message).join(' and ')
    : error.message;

/** A key that expires after a second. */
const PROBE = `${PREFIX}:probe`;

const START = 'Start one, such as redis-server --appendonly yes, or correct the address: redis://HOST:PORT.';
const OTHER_PORT = 'Something else listens on that port: correct the address, redis://HOST:PORT.';

interface Trouble {
  /** Matches the error of the client or of Redis. */
  readonly pattern: RegExp;
  /** Applies only with TLS (true) or only without (false); undefined for both. */
  readonly isTls?: boolean;
  /** Replaces the error text; undefined to keep it. */
  readonly why?: string;
  readonly hint?: string;
}

const NO_TLS = 'Does it speak TLS on that port? Without TLS, its address begins with redis://.';
const CLOSED = /ECONNRESET|EPIPE|connection is closed|disconnected before/i;

const TROUBLES: readonly Trouble[] = [
  {
    pattern: /NOPERM/,
    hint: 'To create a user with only the rights that campaigns need: ACL SETUSER NAME on >PASSWORD ~maelstrom:* &* +@all -@dangerous +info.',
  },
  {
    pattern: /NOAUTH|WRONGPASS|auth/i,
    hint:
      'It needs a password, or a different one: redis://USER:PASSWORD@HOST:PORT, or redis://:PASSWORD@HOST:PORT if it has no users; ' +
      `or set only the password in ${PASSWORD_VARIABLE}.`,
  },
  {
    pattern: /DB index/i,
    hint: 'Its databases are numbered from 0 to 15, unless its setting `databases` differs.',
  },
  {
    pattern: /certificate|CERT_/i,
    hint: 'NODE_EXTRA_CA_CERTS=/path/to/ca.pem sets the certificate of the authority that signed it; its own certificate must be valid for the host in the address.',
  },
  {
    pattern: /^OOM|MISCONF/,
    hint: 'It accepts no writes at present. Give it more memory or disk, or empty it.',
  },
  { pattern: /^Protocol error|is not Redis/i, why: 'the server there is not Redis', hint: OTHER_PORT },
  {
    pattern: /SSL routines|wrong version number/i,
    why: 'the server there does not speak TLS',
    hint: 'Without TLS, its address begins with redis://.',
  },
  {
    pattern: /ETIMEDOUT|timed out/i,
    isTls: true,
    why: `it did not answer within ${CONNECT_MS / 1000} s`,
    hint: NO_TLS,
  },
  {
    pattern: /ETIMEDOUT/,
    isTls: false,
    why: `no connection was established within ${CONNECT_MS / 1000} s`,
    hint: 'Is the address right, redis://HOST:PORT, and does a firewall let it through?',
  },
  {
    pattern: /timed out/i,
    isTls: false,
    why: `it accepted the connection, but did not answer within ${CONNECT_MS / 1000} s`,
    hint: 'Is it busy, or does something else listen on that port? Try again, or correct the address: redis://HOST:PORT.',
  },
  {
    pattern: CLOSED,
    isTls: false,
    why: 'it closed the connection without an answer',
    hint: 'Does it require TLS? Then its address begins with rediss://.',
  },
  {
    pattern: CLOSED,
    isTls: true,
    why: 'it closed the connection without an answer',
    hint: NO_TLS,
  },
];

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
      'A queue needs the packages bullmq and ioredis, which are not part of Maelstrom and were not found next to it.',
      'Install them where Maelstrom is installed: npm install --ignore-scripts bullmq ioredis',
    );
  }
}
