/** Calls of the user's code that may throw, or never return. */
import { ownWork } from '../../world/own-work.ts';

export type OnError = (error: unknown) => void;

export interface Guard {
  /** Subject of the message about a call that never returns. */
  readonly what: string;
  readonly limitMs: number | undefined;
  readonly onError: OnError;
}

export function attempt(work: () => void, { what, limitMs, onError }: Guard): void {
  try {
    ownWork(what, work, limitMs);
  } catch (error) {
    onError(error);
  }
}
