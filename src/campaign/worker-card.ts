/** What a worker says of itself, every second: who works for campaigns, where, and which it cannot work for. */
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
  /** Milliseconds of the clock of Redis: those of the machines may differ. */
  readonly seenAtMs: number;
  /** How many runs it has carried out in all. */
  readonly runs: number;
  /** The campaigns whose runs it takes. */
  readonly serves: readonly string[];
  /** Campaigns that it leaves to others. */
  readonly refuses: readonly { readonly campaign: string; readonly why: string }[];
}

/** One that has not been heard of for so long is away. */
export const AWAY_AFTER_MS = 8000;
/** And is forgotten then. */
const FORGOTTEN_AFTER_MS = 3600_000;
const MOST_WORKERS = 10_000;

/** Those that were there within the last hour. What is no worker's card is left out. */
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

/** Milliseconds of the clock of Redis. */
export async function redisNowMs(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}
