/**
 * What the server says of a store beside what a run recorded (recording/views.ts): the list of runs, a run's page, and its
 * logs. Types only; server and viewer import them.
 */
import type { Suspect } from '../recording/suspects.ts';
import type { TestFile } from '../store/test-file.ts';

/** `unreadable`: its files are not what a run writes. */
export type RunVerdict = 'valid' | 'invalid' | 'unknown' | 'running' | 'unfinished' | 'unreadable';

/** A run in the list. */
export interface RunCard {
  /** `broadcast/20261121T033319.799Z` */
  readonly id: string;
  readonly workload: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly verdict: RunVerdict;
  readonly seed: string;
  readonly nodes: number;
  readonly clients: number;
  readonly rate: number;
  readonly timeLimitSeconds: number;
  readonly latencyMs: number;
  readonly nemesis: readonly string[];
  readonly world: string;
  /** The program's file name. */
  readonly program: string;
}

export interface RunPage {
  readonly card: RunCard;
  readonly test: TestFile;
  /** The verdict in words; undefined before the analysis. */
  readonly sentence?: string;
  readonly suspects: readonly Suspect[];
  /** Names below node-logs, and the run's own log. */
  readonly logs: readonly LogFile[];
  /** Pictures and pages beside the data. */
  readonly files: readonly string[];
}

export interface LogFile {
  readonly name: string;
  readonly bytes: number;
}

export interface LogChunk {
  readonly text: string;
  readonly offset: number;
  readonly nextOffset: number;
  readonly bytes: number;
}
