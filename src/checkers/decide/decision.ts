/** What deciding returns: an order of the transactions, or why there is none. */
import type { ChoiceStep } from './cycle-steps.ts';

/**
 * A point of an order: a transaction's reads, or the moment its writes take effect. In serial orders both are one
 * point, a commit.
 */
export interface OrderPoint {
  readonly transaction: number;
  readonly isCommit: boolean;
}

/** Consecutive versions of a key, by their numbers within the key. */
export interface BlockVersions {
  readonly first: number;
  readonly last: number;
}

export type Refutation =
  | { readonly kind: 'cycle'; readonly steps: readonly ChoiceStep[] }
  | {
      readonly kind: 'choice';
      readonly key: number;
      /** The block that comes first in the first case and second in the second case. */
      readonly one: BlockVersions;
      readonly other: BlockVersions;
      readonly first: Refutation;
      readonly second: Refutation;
    };

export type Decision =
  | { readonly kind: 'order'; readonly points: readonly OrderPoint[] }
  | { readonly kind: 'impossible'; readonly refutation: Refutation }
  | { readonly kind: 'unknown'; readonly reason: string };
