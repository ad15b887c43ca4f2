/**
 * Trials: runs of candidates, and whether they fail as the original did. Several may run at once; which of a list is
 * taken does not depend on that: it is the first that fails in the same way.
 */
import { createHash } from 'node:crypto';
import type { Op } from '../history/op.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import { failsAlike, isAbsence, isEventual, type Signature } from '../run/verdict/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** The result of running a spec with a course from its own seed. */
export interface Trial {
  readonly signature: Signature;
  /** Number of messages that servers have sent each other. */
  readonly serverMessages: number;
  /** Number of events; missing for real clusters. */
  readonly events?: number;
  /** When it had failed in the awaited way (`failureNanos`), if known. */
  readonly failedNanos?: number | undefined;
}

/** Ends a run that can no longer be of use. */
export interface TrialLimits {
  /** The kind of failure that is awaited: soon after it, the run may end. */
  readonly kind: string;
  /** Maximum number of events, beyond which the run has no verdict. Default: that of hunts. */
  readonly mostEvents?: number | undefined;
}

/** The result of a run without a verdict, which never counts as the same failure. */
export const NO_VERDICT: Trial = { signature: [], serverMessages: 0 };

export interface LookedAtTrial extends Trial {
  readonly history: readonly Op[];
  readonly journal: JournalReader;
  /** Time on the journal's clock at which the times of the history begin. */
  readonly zeroNanos: number;
}

export interface TrialRunner {
  /** Maximum number of runs at once. */
  readonly width: number;
  /** Without limits it runs to its end. Real clusters have no limits. */
  run(spec: TestSpec, limits?: TrialLimits): Promise<Trial>;
  /** Runs the spec and keeps its history and journal. */
  look(spec: TestSpec): Promise<LookedAtTrial>;
}

export interface TrialsOptions {
  readonly runner: TrialRunner;
  readonly original: Signature;
  /** Whether the original had final operations. */
  readonly hasFinalOps: boolean;
  /** Maximum number of runs. */
  readonly most: number;
  /** Whether each run goes on to its end, even once it has failed. False by default. */
  readonly wholeRuns?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called for each candidate that fails in the same way. */
  readonly onSmaller?: (spec: TestSpec, trial: Trial) => void;
}

export class Trials {
  private readonly known = new Map<string, Trial>();
  /** The last look. Passes that change nothing look at the same run one after another. */
  private lastLook: { readonly key: string; readonly looked: LookedAtTrial } | undefined;
  private mostEvents: number | undefined;
  /** Number of runs so far. */
  count = 0;

  constructor(private readonly options: TrialsOptions) {}

  /** True when the final operations must stay because the failure is that something never arrived. */
  get needsFinalOps(): boolean {
    const [kind] = this.options.original;
    return kind !== undefined && isAbsence(kind);
  }

  get isOver(): boolean {
    return this.count >= this.options.most || this.options.signal?.aborted === true;
  }

  /**
   * Returns the index of the first candidate that fails in the same way; undefined if none does or no more runs are
   * allowed.
   */
  async firstOf(candidates: readonly TestSpec[]): Promise<number | undefined> {
    const { runner, original } = this.options;
    for (let from = 0; from < candidates.length; from += runner.width) {
      if (this.isOver) return undefined;
      const some = candidates.slice(from, from + runner.width);
      const trials = await Promise.all(some.map((spec) => this.run(spec)));
      const found = trials.findIndex((trial) => isAlike(trial.signature, original));
      if (found < 0) continue;
      const [spec, trial] = [some[found], trials[found]];
      if (spec !== undefined && trial !== undefined) this.accept(spec, trial);
      return from + found;
    }
    return undefined;
  }

  /** Allows runs of any size again, for a search that starts from another run. */
  startAgain(): void {
    this.mostEvents = undefined;
  }

  private accept(spec: TestSpec, trial: Trial): void {
    const { events } = trial;
    if (events !== undefined)
      this.mostEvents = Math.min(this.mostEvents ?? Number.MAX_SAFE_INTEGER, roomFor(events));
    this.options.onSmaller?.(spec, trial);
  }

  async fails(candidate: TestSpec): Promise<boolean> {
    return (await this.firstOf([candidate])) === 0;
  }

  /** Returns undefined if no more runs are allowed: nothing could be tried with what it shows. */
  async look(spec: TestSpec): Promise<LookedAtTrial | undefined> {
    if (this.isOver) return undefined;
    const key = keyOf(spec);
    if (this.lastLook?.key === key) return this.lastLook.looked;
    this.count++;
    const looked = await this.options.runner.look(spec);
    this.lastLook = { key, looked };
    return looked;
  }

  /**
   * True when the failure is eventual and the candidate lacks the final operations of the original: data that had no
   * time to spread is not lost.
   */
  private provesNothing({ course }: TestSpec): boolean {
    const [kind] = this.options.original;
    if (course === undefined || kind === undefined || !this.options.hasFinalOps) return false;
    return isEventual(kind) && course.finalOps.length === 0;
  }

  /** Runs a candidate; one that has been tried is not run again. */
  async run(spec: TestSpec): Promise<Trial> {
    const [kind] = this.options.original;
    if (kind === undefined || this.provesNothing(spec)) return NO_VERDICT;
    if (this.options.wholeRuns === true) return this.runWhole(spec);
    return this.runWith(spec, { kind, mostEvents: this.mostEvents });
  }

  /** Runs a candidate to its end, even once it has failed. */
  runWhole(spec: TestSpec): Promise<Trial> {
    return this.runWith(spec, undefined);
  }

  private async runWith(spec: TestSpec, limits: TrialLimits | undefined): Promise<Trial> {
    const key = keyOf([spec, limits]);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    this.count++;
    const trial = await this.options.runner.run(spec, limits);
    this.known.set(key, trial);
    return trial;
  }
}

const keyOf = (what: unknown): string => createHash('sha256').update(JSON.stringify(what)).digest('base64');

/** A candidate with far more events than what fails already is a message storm, or no simplification. */
const MORE_EVENTS = 2;
const LEAST_EVENTS = 4096;

/** Returns a power of two, so that most candidates tried again later have the same limit, and need not be run again. */
const roomFor = (events: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(LEAST_EVENTS, MORE_EVENTS * events)));

/** True when `signature` has the kind that weighs most in `original`, and no node error that `original` does not have. */
export const isAlike = (signature: Signature, original: Signature): boolean =>
  failsAlike(signature, original) && !signature.some((kind) => isNodes(kind) && !original.includes(kind));

const isNodes = (kind: string): boolean => kind.startsWith('node: ') || kind.startsWith('protocol: ');
