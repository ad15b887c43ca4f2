/**
 * What a worker reports about itself every second: where it runs, which campaigns it works for, and which it cannot
 * work for.
 */
import type { Redis } from 'ioredis';
import { isId, WORKERS } from './keys.ts';
import { readKind } from './campaign.ts';
import type { RunKind } from './run-kind.ts';
import { countOf, fieldsOf, listOf, orUndefined, parsed, textOf } from './read-fields.ts';

export interface WorkerCard {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly processes: number;
  readonly kind: RunKind;
  /** Milliseconds on Redis's clock, since those of the machines may differ. */
  readonly seenAtMs: number;
  /** Number of runs that it has carried out in all. */
  readonly runs: number;
  /** Ids of the campaigns whose runs it takes. */
  readonly serves: readonly string[];
  /** The campaigns that it leaves to other workers. */
  readonly refuses: readonly { readonly campaign: string; readonly why: string }[];
}

/** A worker that has been silent for this long counts as away. */
export const AWAY_AFTER_MS = 8000;
/** A worker that has been silent for this long is removed. */
const FORGOTTEN_AFTER_MS = 3600_000;
const MOST_WORKERS = 10_000;

/**
 * Returns the workers seen within the last hour, sorted by host and process id, and the ids of the entries to remove:
 * older ones, and those that are no worker's card.
 */
export function readWorkers(
  all: Readonly<Record<string, string>>,
  nowMs: number,
): { readonly cards: readonly WorkerCard[]; readonly forgotten: readonly string[] } {
  const cards: WorkerCard[] = [];
  const forgotten: string[] = [];
  for (const [id, text] of Object.entries(all).slice(0, MOST_WORKERS)) {
    const card = orUndefined(() => readCard(id, text));
    if (card === undefined || nowMs - card.seenAtMs > FORGOTTEN_AFTER_MS) forgotten.push(id);
    else cards.push(card);
  }
  cards.sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.pid - b.pid));
  return { cards, forgotten };
}

function readCard(id: string, text: string): WorkerCard {
  const fields = fieldsOf(parsed(text));
  return {
    id: textOf(id, 40),
    host: textOf(fields['host'], 300),
    pid: countOf(fields['pid']),
    processes: countOf(fields['processes'], 100_000),
    kind: readKind(fields['kind']),
    seenAtMs: countOf(fields['seenAtMs']),
    runs: countOf(fields['runs']),
    serves: listOf(fields['serves'], 100, (one) => textOf(one, 40)).filter(isId),
    refuses: listOf(fields['refuses'], 100, (one) => {
      const { campaign, why } = fieldsOf(one);
      return { campaign: textOf(campaign, 40), why: textOf(why, 2000) };
    }),
  };
}

export const writeCard = (redis: Redis, card: WorkerCard): Promise<unknown> =>
  redis.hset(WORKERS, card.id, JSON.stringify(card));

/** Returns the time in milliseconds on Redis's clock. */
export async function redisNowMs(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}
