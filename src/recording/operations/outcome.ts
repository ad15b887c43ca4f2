/** Outcomes of operations: the one order in which they are numbered, in columns and in responses. */
import type { OpType } from '../../history/op.ts';

export const OUTCOMES = ['open', 'ok', 'fail', 'info'] as const;
/** `open`: it has not ended, and may never. */
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes of operations that have ended. */
export type Ending = Exclude<Outcome, 'open'>;

export const OPEN = 0;
export const OK = 1;
export const FAIL = 2;
export const INFO = 3;

/** Returns the number of the outcome of an operation whose last entry has that type. */
export function outcomeNumber(type: OpType): number {
  if (type === 'invoke') return OPEN;
  return type === 'ok' ? OK : type === 'fail' ? FAIL : INFO;
}
