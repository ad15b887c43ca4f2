/** The address of a campaign's Redis, as typed: `redis://USER:PASSWORD@HOST:PORT/DB`. */
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';

/** In the form that ioredis takes. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: Record<string, never>;
}

export interface ReadAddress {
  readonly address: RedisAddress;
  /** The address without its password. */
  readonly shown: string;
}

const DEFAULT_PORT = 6379;

/** Parses an address. Throws a UserError if it is not the address of a Redis. */
export function readRedisAddress(word: string): ReadAddress {
  const url = URL.canParse(word) ? new URL(word) : undefined;
  const db = url?.pathname.replace(/^\//, '') ?? '';
  if (
    url === undefined ||
    !['redis:', 'rediss:'].includes(url.protocol) ||
    url.hostname === '' ||
    url.search !== '' ||
    url.hash !== '' ||
    !/^\d{0,4}$/.test(db)
  ) {
    throw new UserError(
      `The queue's address ${shownText(withoutPassword(word), 200)} is not the address of a Redis.`,
      'The form is redis://HOST:PORT, such as redis://127.0.0.1:6379; or rediss:// with TLS, and redis://USER:PASSWORD@HOST:PORT/DB. ' +
        'In a password, characters other than letters and digits must be percent-encoded.',
    );
  }
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  return {
    address: {
      host: decoded(url.hostname).replace(/^\[|\]$/g, ''),
      port,
      ...(url.username === '' ? {} : { username: decoded(url.username) }),
      ...(url.password === '' ? {} : { password: decoded(url.password) }),
      ...(db === '' ? {} : { db: Number(db) }),
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    },
    shown: `${url.protocol}//${url.hostname}:${port}${db === '' ? '' : `/${db}`}`,
  };
}

/** Hides everything that may be a password: all before the last @, or without one, what is in place of a port. */
export const withoutPassword = (word: string): string =>
  word.includes('@')
    ? word.replace(/^([a-z]*:\/\/)?.*@/i, '$1...@')
    : word.replace(/^((?:[a-z]*:\/\/)?[^/:[]*:)(?!\/\/|\d+(?:\/|$)).+$/i, '$1...');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
