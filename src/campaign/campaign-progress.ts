/** The progress that a hunt publishes in Redis, for commands elsewhere. */
import { countOf, fieldsOf, listOf, numberOf, parsed, textOf } from './read-fields.ts';

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

/** Parses the progress of a hunt. Throws NotOurs for invalid text. */
export function readProgress(text: unknown): CampaignProgress {
  const { runs, failures, kinds, rate } = fieldsOf(parsed(text));
  return {
    runs: countOf(runs),
    failures: countOf(failures),
    kinds: listOf(kinds, MOST_KINDS, (kind) => textOf(kind, 200)),
    rate: numberOf(rate),
  };
}
