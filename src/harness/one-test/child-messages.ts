/** What the process of simulated tests and its parent say to each other. */
import type { SentKeys } from '../../checkers/result-keys.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { FatalKind, FatalTurn } from '../../world/simulated/turn-record.ts';

/** One attempt at a test. */
export interface TestOrder {
  readonly spec: TestSpec;
  readonly store: string;
  readonly command?: string;
  /** For temporary files, among them the note of the turn in progress; the parent removes it. */
  readonly tempFolder: string;
  /** The attempt before, which is void. */
  readonly before?: Opened;
  readonly fatalTurns: readonly FatalTurn[];
  /** Whether each turn is noted; otherwise only those that are long. */
  readonly everyTurn: boolean;
  /** What interrupts the run where the last of those turns would begin, or, without any, at once; undefined when it goes on. */
  readonly by?: string;
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
  /** It has heard of the interruption. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'status'; readonly status: RunStatus }
  | {
      readonly kind: 'finished';
      /** As JSON: numbers keep every digit, which a message between processes would not keep. */
      readonly results: string;
      readonly keys: readonly SentKeys[];
      readonly sentence: string;
      readonly interrupted: boolean;
      readonly digest?: string;
      readonly storeProblems: readonly string[];
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: ThrownInChild };

/** An error, which loses its class on the way. */
export interface ThrownInChild {
  readonly message: string;
  readonly stack?: string;
  readonly isUsers: boolean;
  readonly hint?: string;
  /** Of those of the user: whether a file of theirs has ended the run. */
  readonly isOwnFault?: boolean;
}

/** The note of the turn in progress, a file in `tempFolder`: two numbers. */
export const TURN_NOTE = 'turn';

/** Its second number: what turn-watch.ts ended the process for; 0 for nothing. */
export const ENDED_FOR: Readonly<Record<FatalKind, number>> = { memory: 1, time: 2 };
