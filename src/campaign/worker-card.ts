/**
 * What a worker reports about itself every second: where it runs, which campaigns it works for, and which it cannot
 * work for.
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { isId, WORKERS } from './keys.ts';
import { KIND_FORM, type RunKind } from './run-kind.ts';
import { countForm, orUndefined, parsed, readAs, textForm } from './read-fields.ts';

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

const CARD = z.object({
  id: textForm(40),
  host: textForm(300),
  pid: countForm,
  processes: countForm.max(100_000),
  kind: KIND_FORM,
  seenAtMs: countForm,
  runs: countForm,
  serves: z.array(textForm(40)).max(100),
  refuses: z.array(z.object({ campaign: textForm(40), why: textForm(2000) })).max(100),
});

function readCard(id: string, text: string): WorkerCard {
  const card = readAs(CARD.omit({ id: true }), parsed(text));
  return { ...card, id: readAs(CARD.shape.id, id), serves: card.serves.filter(isId) };
}

export const writeCard = (redis: Redis, card: WorkerCard): Promise<unknown> =>
  redis.hset(WORKERS, card.id, JSON.stringify(card));

/** Returns the time in milliseconds on Redis's clock. */
export async function redisNowMs(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}
