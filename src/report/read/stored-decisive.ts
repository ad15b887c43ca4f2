/** Reads decisive.json of a run's folder: what decided the run, if that was searched for. */
import { join } from 'node:path';
import { z } from 'zod';
import { readPlain, writeBelow } from '../../files/plain-file.ts';
import { decisiveSentences, decisiveSteps, type Decisive } from '../../recording/decisive.ts';
import type { DecisiveView } from '../../recording/views.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

const COUNT = z.int().min(0);

const MOMENT = z.object({
  step: COUNT.exactOptional(),
  text: z.string().exactOptional(),
  timeNanos: COUNT,
  journalEvent: COUNT.exactOptional(),
  message: COUNT.exactOptional(),
});

const TRIAL = z.object({
  what: z.string(),
  without: z.enum(['fails', 'passes']),
  at: MOMENT.exactOptional(),
});

const FUTURES = z.object({ event: z.string(), fails: COUNT, of: COUNT, at: MOMENT.exactOptional() });

const DECISIVE: z.ZodType<Decisive> = z.object({
  version: z.literal(1),
  byTrial: z.array(TRIAL).max(10_000),
  certainty: z.array(FUTURES).max(10_000),
  moment: MOMENT.exactOptional(),
});

export function writeDecisive(folder: string, decisive: Decisive): void {
  writeBelow(folder, RUN_FILES.decisive, `${JSON.stringify(decisive, undefined, 2)}\n`);
}

/** Returns undefined if there is none, or none that this version understands; its content can be computed again. */
export function readDecisive(folder: string): Decisive | undefined {
  const read: unknown = unlessThrows(() => JSON.parse(readPlain(join(folder, RUN_FILES.decisive))));
  return DECISIVE.safeParse(read).data;
}

export function decisiveView(folder: string): DecisiveView | undefined {
  const decisive = readDecisive(folder);
  if (decisive === undefined) return undefined;
  const sentences = decisiveSentences(decisive);
  const { moment } = decisive;
  if (sentences.length === 0) return undefined;
  return { sentences, steps: decisiveSteps(decisive), ...(moment === undefined ? {} : { moment }) };
}
