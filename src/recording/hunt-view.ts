/** A hunt of the store for the pages that show it: plain data, sent over HTTP as JSON. Types only. */
import type { TestSpec } from '../run/test-spec.ts';

/**
 * `found`: with a failure; `clean`: without one; `running`: in progress; `unfinished`: its process is gone before the
 * end; `unreadable`: its summary is invalid.
 */
export type HuntState = 'found' | 'clean' | 'running' | 'unfinished' | 'unreadable';

export interface HuntCard {
  /** The name of its folder. */
  readonly name: string;
  readonly state: HuntState;
  readonly workload: string;
  readonly program: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seed: string;
  readonly seconds: number;
  readonly runs: number;
  readonly failures: number;
  /** The kinds of its failures, limited to the first ones. */
  readonly kinds: readonly string[];
}

/** A run whose outcome is unreliable. */
export interface HuntDoubt {
  readonly run: number;
  /** In a word or two. */
  readonly doubt: string;
  /** In a sentence; empty if the words say it all. */
  readonly why: string;
  readonly command: string;
}

/**
 * A hunt whose runs are carried out by other machines. `away`: its Redis does not answer; `over`: the hunt has ended,
 * or its process is gone.
 */
export interface CampaignView {
  readonly state: 'running' | 'paused' | 'away' | 'over';
  readonly id: string;
  /** The address of its Redis, without the password. */
  readonly queue: string;
  /** Runs per second over the last ten seconds. */
  readonly rate: number;
  /** Number of runs assigned to workers and not yet returned. */
  readonly runsOut: number;
  /** Number of invalid results. */
  readonly refused: number;
  /** Its workers, limited to the first ones. */
  readonly workers: readonly CampaignWorkerView[];
  /** Number of further workers; none if missing, as in what a campaign writes. */
  readonly otherWorkers?: number;
}

/**
 * `idle`: it carries out no runs of this hunt, because that is paused or it works for other hunts; `refuses`: it
 * cannot, and why.
 */
export interface CampaignWorkerView {
  readonly host: string;
  readonly pid: number;
  readonly processes: number;
  readonly maelstrom: string;
  readonly node: string;
  /** Number of runs returned since the hunt was begun or resumed. */
  readonly runs: number;
  /** Seconds since it was last heard from. */
  readonly silentSeconds: number;
  readonly state: 'working' | 'idle' | 'away' | 'refuses';
  readonly why: string;
}

export interface HuntView extends HuntCard {
  readonly campaign?: CampaignView;
  readonly world: TestSpec['world'];
  /** 0 for real clusters, where it is not measured. */
  readonly cpuSeconds: number;
  readonly workers: number;
  readonly undecided: number;
  readonly withoutSuccess: number;
  readonly operations: number;
  readonly messages: number;
  readonly virtualSeconds: number;
  /** Number of runs that were repeated and compared. */
  readonly compared: number;
  /** The faults that were enabled, including those that never occurred. */
  readonly faults: readonly HuntFault[];
  /** Fates of messages between servers, in words. */
  readonly fates: readonly string[];
  /** What should occur at least once, and in how many runs it did, in words; what never occurred comes first. */
  readonly expected: readonly string[];
  readonly doubts: readonly HuntDoubt[];
  readonly groups: readonly HuntGroup[];
  /** Number of failures of further kinds, which were only counted. */
  readonly otherFailures: number;
}

/** A fault; the figures are numbers of runs. */
export interface HuntFault {
  readonly name: string;
  readonly began: number;
  readonly underWay: number;
  readonly succeeded: number;
}

/** Failures of the same kind, and the smallest of them. */
export interface HuntGroup {
  readonly signature: readonly string[];
  /** Further kinds of failure of some of them. */
  readonly also: readonly string[];
  readonly problem: string;
  readonly count: number;
  readonly firstRun: number;
  readonly run: number;
  readonly nodes: number;
  readonly operations: number;
  readonly messages: number;
  readonly faults: readonly string[];
  readonly sentence: string;
  readonly command: string;
  /** Its run in the store: `broadcast/20261121T033319.799Z`. */
  readonly kept?: string;
  /** The shrunk run. */
  readonly shrunk?: string;
}
