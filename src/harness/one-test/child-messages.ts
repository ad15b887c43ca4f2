/** Messages between the process that runs simulated tests and its parent. */
import type { SentError } from '../sent-error.ts';
import type { SentKeys } from '../../checkers/result-keys.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { FatalKind, FatalTurn } from '../../world/simulated/turn/turn-record.ts';

/** One attempt at a test. */
export interface TestOrder {
  readonly spec: TestSpec;
  readonly store: string;
  readonly command?: string | undefined;
  /** For temporary files, including the note of the turn in progress; the parent removes it. */
  readonly tempFolder: string;
  /** The previous attempt, which is void. */
  readonly before?: Opened | undefined;
  readonly fatalTurns: readonly FatalTurn[];
  /** True to note each turn, false to note only long ones. */
  readonly everyTurn: boolean;
  /**
   * What interrupts the run where the last of those turns would begin (at once if there are none); undefined if the run
   * continues.
   */
  readonly by?: string | undefined;
}

export interface Opened {
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly startedAt: Date;
}

export type ToChild =
  | { readonly kind: 'open'; readonly order: TestOrder }
  | { readonly kind: 'run' }
  | { readonly kind: 'interrupt'; readonly by: string }
  | { readonly kind: 'abort' };

export type FromChild =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'log'; readonly line: string; readonly brief?: string | undefined }
  /** The interruption has been received. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'status'; readonly status: RunStatus }
  | {
      readonly kind: 'finished';
      /** As JSON, since a message between processes would not preserve every digit of numbers. */
      readonly results: string;
      readonly keys: readonly SentKeys[];
      readonly sentence: string;
      readonly interrupted: boolean;
      readonly digest?: string;
      readonly storeProblems: readonly string[];
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: SentError };

/** Name of the file in `tempFolder` that notes the turn in progress, as two numbers. */
export const TURN_NOTE = 'turn';

/** Second number of the note: the reason for which turn-watch.ts ended the process; 0 for none. */
export const ENDED_FOR: Readonly<Record<FatalKind, number>> = { memory: 1, time: 2 };
