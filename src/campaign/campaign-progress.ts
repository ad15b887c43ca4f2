/** What a hunt says in Redis of how far it has come, for those that look from elsewhere. */
import { countOf, fieldsOf, listOf, numberOf, parsed, textOf } from './read-fields.ts';

export interface CampaignProgress {
  /** All that count, those before a resumption included. */
  readonly runs: number;
  readonly failures: number;
  readonly kinds: readonly string[];
  /** Runs per second, of the last ten seconds. */
  readonly rate: number;
}

const MOST_KINDS = 20;

export const progressText = ({ kinds, ...progress }: CampaignProgress): string =>
  JSON.stringify({ ...progress, kinds: kinds.slice(0, MOST_KINDS).map((kind) => kind.slice(0, 200)) });

/** Throws NotOurs. */
export function readProgress(text: unknown): CampaignProgress {
  const { runs, failures, kinds, rate } = fieldsOf(parsed(text));
  return {
    runs: countOf(runs),
    failures: countOf(failures),
    kinds: listOf(kinds, MOST_KINDS, (kind) => textOf(kind, 200)),
    rate: numberOf(rate),
  };
}
