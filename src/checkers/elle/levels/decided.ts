/** The parts of a result that were decided rather than only inferred. */
import type { Meanings } from '../../../protocol/key-meaning.ts';
import type { Validity } from '../../checker.ts';

/** What was decided about a model. */
export type Decided = {
  readonly model: string;
  readonly 'order?': Validity;
  /** Why it could not be decided. */
  readonly why?: string;
};

export const DECIDED_MEANINGS = {
  model: 'the [consistency model](models.md)',
  'order?':
    'whether all transactions can be ordered as the model requires; `unknown` if that was not decided',
  why: 'why it was not decided',
} as const satisfies Meanings<Decided>;

/** Whether an order was found for each model that was asked for. */
export const holds = (decided: readonly Decided[]): boolean =>
  decided.length > 0 && decided.every(({ 'order?': verdict }) => verdict === true);

/** Returns a sentence on what could not be decided, and why; undefined if everything was decided. */
export function whyUndecided(decided: readonly Decided[]): string | undefined {
  const open = decided.filter(({ 'order?': verdict }) => verdict === 'unknown');
  if (open.length === 0) return undefined;
  const why = open.map(({ model, why: reason = '' }) => `${model}: ${reason}`).join('; ');
  return `No anomaly was inferred, but whether there is an order of all transactions was not decided (${why}).`;
}
