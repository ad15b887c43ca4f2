/** How operations end: the one order in which outcomes are numbered, in columns and in answers. */
import type { OpType } from '../../history/op.ts';

export const OUTCOMES = ['open', 'ok', 'fail', 'info'] as const;
/** `open`: it has not ended, and may never. */
export type Outcome = (typeof OUTCOMES)[number];

/** Of those that have ended. */
export type Ending = Exclude<Outcome, 'open'>;

export const OPEN = 0;
export const OK = 1;
export const FAIL = 2;
export const INFO = 3;

/** The number of the outcome that an entry of that type leaves its operation with. */
export function outcomeNumber(type: OpType): number {
  if (type === 'invoke') return OPEN;
  return type === 'ok' ? OK : type === 'fail' ? FAIL : INFO;
}
