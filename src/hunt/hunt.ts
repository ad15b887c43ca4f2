/**
 * A hunt: runs from one seed to the next, until one fails or the time or number of runs is used up. Several runs go on
 * at once, but their outcomes count in order, so that the same seed gives the same hunt whatever the number of
 * processes:
 *
 *     run 7 fails while run 6 still goes    -> run 6 is waited for, and if it fails too, it is the one that is found
 *     run 8 is done as well                 -> it does not count
 */
import type { TestSpec } from '../run/test-spec.ts';
import { FailureGroups, type Addition, type FoundFailure } from './failure-groups.ts';
import type { HuntPlan } from './plan/hunt-plan.ts';
import { planRun } from './plan/plan-run.ts';
import type { Doubt, Job, Ran } from './job.ts';
import { isFailure } from './outcome.ts';
import { added, NOTHING_TRIED, type Tally } from './tally.ts';

/** What carries out runs: this process, or others. */
export interface JobHands {
  /** Maximum number of runs given to it at once. */
  readonly capacity: number;
  /** Returns undefined if it was closed meanwhile. Rejects only for bugs in Maelstrom. */
  run(job: Job): Promise<Ran | undefined>;
  /** Called when a run counts; runs that are done after the end of the hunt do not. */
  counted?(job: Job, ran: Ran): void;
  /** Called when all counted runs up to this number are on disk. */
  written?(number: number): void;
  /** Ends the runs in progress. */
  close(): Promise<void>;
}

/** The results of a hunt so far. */
export interface HuntState {
  readonly tally: Tally;
  readonly groups: FailureGroups;
  /** Number of runs that were repeated and compared. */
  readonly compared: number;
  readonly doubts: readonly DoubtfulRun[];
}

/** A run whose outcome cannot be relied on. */
export interface DoubtfulRun {
  readonly number: number;
  readonly spec: TestSpec;
  readonly doubt: Doubt;
  /** An explanatory sentence, where it adds something. */
  readonly why?: string;
}

export interface HuntOptions {
  readonly plan: HuntPlan;
  readonly seed: string;
  readonly hands: JobHands;
  /** Whether to go on after a failure. */
  readonly collect: boolean;
  /** Maximum number of runs in all, including those before a resumption. */
  readonly mostRuns?: number | undefined;
  /** Ends the hunt; what was found until then counts. */
  readonly signal: AbortSignal;
  /** Called for each run, in order. */
  readonly onRun?: (job: Job, ran: Ran) => void;
  /** Called for the first failure of each kind. The hunt waits for the returned promises at its end. */
  readonly onFailure?: (found: FoundFailure) => void | Promise<void>;
}

/** A run that has not ended yet. */
export interface RunInProgress {
  readonly number: number;
  readonly seconds: number;
}

interface Counted {
  readonly failure: FoundFailure;
  readonly addition: Addition;
}

/** Why a hunt ended. */
export type HuntEnd = 'found' | 'all runs' | 'stopped';

/**
 * Completed runs wait for earlier ones. No run is begun this far ahead of the last counted one, or this many times the
 * capacity, whichever is more.
 */
const MOST_AHEAD = 1000;
const AHEAD_OF_CAPACITY = 4;
/** Maximum number of doubts kept for each kind. */
export const MOST_DOUBTS = 20;

export const seedOfRun = (huntSeed: string, number: number): string => `${huntSeed}-${number}`;

export class Hunt {
  private tally: Tally = NOTHING_TRIED;
  private readonly groups = new FailureGroups();
  private compared = 0;
  private readonly doubts: DoubtfulRun[] = [];
  private readonly waiting = new Map<number, readonly [Job, Ran]>();
  private readonly following: Promise<void>[] = [];
  /** Number of the last run that was given out. */
  private begun = 0;
  private end: HuntEnd | undefined;
  /** The runs given out, in order, each with the real time at which it was. */
  private readonly inProgress = new Map<number, number>();
  private cutOff: RunInProgress | undefined;
  private readonly held: (() => void)[] = [];

  constructor(private readonly options: HuntOptions) {}

  get state(): HuntState {
    const { tally, groups, compared, doubts } = this;
    return { tally, groups, compared, doubts };
  }

  /** The run that was given out first of those in progress, or that was when the hunt was stopped. */
  get oldest(): RunInProgress | undefined {
    if (this.end !== undefined) return this.cutOff;
    const [first] = this.inProgress;
    if (first === undefined) return undefined;
    const [number, sinceMs] = first;
    return { number, seconds: (performance.now() - sinceMs) / 1000 };
  }

  /** Takes over a run of a resumed hunt. Call it in the order of the runs, before `run`. */
  resume(ran: Ran): void {
    this.count(this.jobOf(++this.begun), ran);
  }

  async run(): Promise<HuntEnd> {
    const { hands, signal } = this.options;
    const stop = (): void => this.finish('stopped');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      await Promise.all(Array.from({ length: hands.capacity }, () => this.work()));
    } finally {
      signal.removeEventListener('abort', stop);
      await hands.close();
    }
    await Promise.all(this.following);
    return this.end ?? 'all runs';
  }

  /** Carries out one run after the other. */
  private async work(): Promise<void> {
    const { hands, mostRuns = Infinity } = this.options;
    const mostAhead = Math.max(MOST_AHEAD, AHEAD_OF_CAPACITY * hands.capacity);
    while (this.end === undefined && this.begun < mostRuns) {
      if (this.begun - this.tally.runs >= mostAhead) {
        await new Promise<void>((resolve) => this.held.push(resolve));
        continue;
      }
      const job = this.jobOf(++this.begun);
      this.inProgress.set(job.number, performance.now());
      const ran = await hands.run(job);
      this.inProgress.delete(job.number);
      if (ran === undefined) return;
      this.waiting.set(job.number, [job, ran]);
      this.countInOrder();
    }
  }

  private jobOf(number: number): Job {
    return { number, seed: seedOfRun(this.options.seed, number) };
  }

  private countInOrder(): void {
    for (;;) {
      const next = this.waiting.get(this.tally.runs + 1);
      if (next === undefined || this.end !== undefined) break;
      const [job, ran] = next;
      this.waiting.delete(job.number);
      this.options.hands.counted?.(job, ran);
      const found = this.count(job, ran);
      this.options.onRun?.(job, found?.addition === 'known' ? withoutWords(ran) : ran);
      if (found?.addition === 'first') this.follow(found.failure);
      if (isFailure(ran.outcome) && !this.options.collect) this.finish('found');
    }
    this.goOn();
  }

  /** Wakes the loops that wait for earlier runs. */
  private goOn(): void {
    for (const resolve of this.held.splice(0)) resolve();
  }

  private follow(found: FoundFailure): void {
    const followed = this.options.onFailure?.(found);
    if (followed !== undefined) this.following.push(followed);
  }

  /** Counts a run. If it failed, returns the failure and how it relates to earlier ones. */
  private count({ number, seed }: Job, { outcome, doubt, why, compared }: Ran): Counted | undefined {
    const { plan } = this.options;
    this.tally = added(this.tally, outcome);
    if (compared === true) this.compared++;
    if (doubt !== undefined && this.doubts.filter((one) => one.doubt === doubt).length < MOST_DOUBTS) {
      this.doubts.push({ number, spec: planRun(plan, seed), doubt, ...(why === undefined ? {} : { why }) });
    }
    const { failure, signature, operations, messages, nanos } = outcome;
    if (failure === undefined) return undefined;
    const found = { number, spec: planRun(plan, seed), signature, ...failure, operations, messages, nanos };
    return { failure: found, addition: this.groups.add(found) };
  }

  private finish(end: HuntEnd): void {
    if (this.end !== undefined) return;
    if (end === 'stopped') this.cutOff = this.oldest;
    this.end = end;
    this.goOn();
    // Runs in progress do not count.
    void this.options.hands.close();
  }
}

/**
 * Removes the sentence of a known failure, since a hunt may meet the same failure a million times and only the first
 * and smallest are shown.
 */
function withoutWords(ran: Ran): Ran {
  const { failure } = ran.outcome;
  return failure === undefined
    ? ran
    : { ...ran, outcome: { ...ran.outcome, failure: { ...failure, sentence: '' } } };
}
