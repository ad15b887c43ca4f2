/** What a hunt of the store is to the pages that show it: plain data, which crosses HTTP as JSON. Types only. */
import type { TestSpec } from '../run/test-spec.ts';

/**
 * `found`: with a failure; `clean`: without; `running`: it goes on; `unfinished`: its process has gone without a word;
 * `unreadable`: something else stands where its summary should be.
 */
export type HuntState = 'found' | 'clean' | 'running' | 'unfinished' | 'unreadable';

/** A hunt in a list. */
export interface HuntCard {
  /** Of its folder. */
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
  /** The kinds of its failures, the first of them. */
  readonly kinds: readonly string[];
}

/** A run that cannot be relied on. */
export interface HuntDoubt {
  readonly run: number;
  /** In a word or two. */
  readonly doubt: string;
  /** The same in a sentence; empty where the words say it all. */
  readonly why: string;
  /** The command that runs it again. */
  readonly command: string;
}

/**
 * A hunt whose runs are carried out by other machines. `away`: its Redis does not answer; `over`: the hunt has ended, or its process has
 * gone.
 */
export interface CampaignView {
  readonly state: 'running' | 'paused' | 'away' | 'over';
  readonly id: string;
  /** The address of its Redis, without a password. */
  readonly queue: string;
  /** Runs per second, of the last ten seconds. */
  readonly rate: number;
  /** Runs that are given out. */
  readonly runsOut: number;
  /** Results that were none. */
  readonly refused: number;
  readonly workers: readonly CampaignWorkerView[];
}

/** `idle`: it carries out no runs of this hunt, since it is paused or others are; `refuses`: it cannot, and why. */
export interface CampaignWorkerView {
  readonly host: string;
  readonly pid: number;
  readonly processes: number;
  readonly maelstrom: string;
  readonly node: string;
  /** Those that came back, since the hunt was begun or resumed. */
  readonly runs: number;
  /** How long it had not been heard of. */
  readonly silentSeconds: number;
  readonly state: 'working' | 'idle' | 'away' | 'refuses';
  readonly why: string;
}

export interface HuntView extends HuntCard {
  readonly campaign?: CampaignView;
  /** Where its runs took place. */
  readonly world: TestSpec['world'];
  /** 0 for real clusters: it is not measured. */
  readonly cpuSeconds: number;
  readonly workers: number;
  readonly undecided: number;
  readonly withoutSuccess: number;
  readonly operations: number;
  readonly messages: number;
  readonly virtualSeconds: number;
  /** How many runs were repeated and compared. */
  readonly compared: number;
  /** Those that were allowed, also where they never happened. */
  readonly faults: readonly HuntFault[];
  /** What became of messages between servers, in words. */
  readonly fates: readonly string[];
  /** What should come at least once, and in how many runs it came, in words: what never came first. */
  readonly expected: readonly string[];
  readonly doubts: readonly HuntDoubt[];
  readonly groups: readonly HuntGroup[];
  /** Failures of further kinds, which were counted only. */
  readonly otherFailures: number;
}

/** In how many runs. */
export interface HuntFault {
  readonly name: string;
  readonly began: number;
  readonly underWay: number;
  readonly succeeded: number;
}

/** Failures that are alike, and the smallest of them. */
export interface HuntGroup {
  readonly signature: readonly string[];
  /** In which some of them are wrong as well. */
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
  /** The run of the store that it is: `broadcast/20261121T033319.799Z`. */
  readonly kept?: string;
  /** The same made small. */
  readonly shrunk?: string;
}
