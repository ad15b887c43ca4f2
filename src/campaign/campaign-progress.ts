/** The progress that a hunt publishes in Redis, for commands elsewhere. */
import { z } from 'zod';
import { countForm, numberForm, parsed, readAs, textForm } from './read-fields.ts';

export interface CampaignProgress {
  /** Number of all counted runs, including those before a resumption. */
  readonly runs: number;
  readonly failures: number;
  readonly kinds: readonly string[];
  /** Runs per second over the last ten seconds. */
  readonly rate: number;
}

const MOST_KINDS = 20;

export const progressText = ({ kinds, ...progress }: CampaignProgress): string =>
  JSON.stringify({ ...progress, kinds: kinds.slice(0, MOST_KINDS).map((kind) => kind.slice(0, 200)) });

const PROGRESS = z.object({
  runs: countForm,
  failures: countForm,
  kinds: z.array(textForm(200)).max(MOST_KINDS),
  rate: numberForm,
});

/** Parses the progress of a hunt. Throws NotOurs for invalid text. */
export const readProgress = (text: unknown): CampaignProgress => readAs(PROGRESS, parsed(text));
