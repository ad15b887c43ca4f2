/**
 * A hunt: runs from one seed to the next, until one fails, or time or the number of runs is over. Several go on at once; what came of
 * them counts in their order, so that the same seed gives the same hunt whatever the number of processes:
 *
 *     run 7 fails while run 6 still goes    -> run 6 is waited for, and if it fails too, it is the one that is found
 *     run 8 is done as well                 -> it does not count
 */
import type { TestSpec } from '../run/test-spec.ts';
import { FailureGroups, type Addition, type FoundFailure } from './failure-groups.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { planRun } from './plan-run.ts';
import type { Doubt, Job, Ran } from './job.ts';
import { isFailure } from './outcome.ts';
import { added, NOTHING_TRIED, type Tally } from './tally.ts';

/** What carries out runs: this process, or others. */
export interface JobHands {
  /** How many runs may be given to it at once. */
  readonly capacity: number;
  /** Undefined when it has been closed meanwhile. Rejects for mistakes of ours only. */
  run(job: Job): Promise<Ran | undefined>;
  /** A run counts: those that are done after the end of the hunt do not. */
  counted?(job: Job, ran: Ran): void;
  /** All runs up to that one that count are on disk. */
  written?(number: number): void;
  /** Ends what still runs. */
  close(): Promise<void>;
}

/** What a hunt has come to so far. */
export interface HuntState {
  readonly tally: Tally;
  readonly groups: FailureGroups;
  /** How many runs were repeated and compared. */
  readonly compared: number;
  readonly doubts: readonly DoubtfulRun[];
}

/** A run that came out differently when it was repeated. */
export interface DoubtfulRun {
  readonly number: number;
  readonly spec: TestSpec;
  readonly doubt: Doubt;
  /** The same in a sentence, where that says more. */
  readonly why?: string;
}

export interface HuntOptions {
  readonly plan: HuntPlan;
  readonly seed: string;
  readonly hands: JobHands;
  /** Goes on after a failure. */
  readonly collect: boolean;
  /** In all, those before a resumption included. */
  readonly mostRuns?: number;
  /** Ends the hunt: what has been found until then counts. */
  readonly signal: AbortSignal;
  /** Each run in order. */
  readonly onRun?: (job: Job, ran: Ran) => void;
  /** The first failure of each kind. What is done with it is waited for at the end. */
  readonly onFailure?: (found: FoundFailure) => void | Promise<void>;
}

interface Counted {
  readonly failure: FoundFailure;
  readonly addition: Addition;
}

/** What ended a hunt. */
export type HuntEnd = 'found' | 'all runs' | 'stopped';

/** Runs that are done must wait for earlier ones; more than these, or this many times what is given out at once, are not begun. */
const MOST_AHEAD = 1000;
const AHEAD_OF_CAPACITY = 4;
/** Of each kind. */
const MOST_DOUBTS = 20;

export const seedOfRun = (huntSeed: string, number: number): string => `${huntSeed}-${number}`;

export class Hunt {
  private tally: Tally = NOTHING_TRIED;
  private readonly groups = new FailureGroups();
  private compared = 0;
  private readonly doubts: DoubtfulRun[] = [];
  private readonly waiting = new Map<number, readonly [Job, Ran]>();
  private readonly following: Promise<void>[] = [];
  /** The last run that has been given out. */
  private begun = 0;
  private end: HuntEnd | undefined;
  private readonly held: (() => void)[] = [];

  constructor(private readonly options: HuntOptions) {}

  get state(): HuntState {
    const { tally, groups, compared, doubts } = this;
    return { tally, groups, compared, doubts };
  }

  /** Takes over a run of a hunt that is resumed. In their order, before `run`. */
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
      const ran = await hands.run(job);
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

  /** Those that wait for earlier runs look again. */
  private goOn(): void {
    for (const resolve of this.held.splice(0)) resolve();
  }

  private follow(found: FoundFailure): void {
    const followed = this.options.onFailure?.(found);
    if (followed !== undefined) this.following.push(followed);
  }

  /** Of a run that fails, what it is to the failures before. */
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
    this.end = end;
    this.goOn();
    // What still runs does not count.
    void this.options.hands.close();
  }
}

/** A hunt may come upon the same failure a million times: what it is in words is kept where it may be shown. */
function withoutWords(ran: Ran): Ran {
  const { failure } = ran.outcome;
  return failure === undefined
    ? ran
    : { ...ran, outcome: { ...ran.outcome, failure: { ...failure, sentence: '' } } };
}
